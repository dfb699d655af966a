using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Scmi;

/// <summary>virtio-scmi (virtio 1.3, 5.17) with the base and the sensor protocol.</summary>
internal sealed class ScmiDevice(string sensorName) : IStandInDevice
{
    internal const int CommandQueue = 0, EventQueue = 1;
    private const int HeaderSize = 4, StatusSize = 4, LargestRequest = 128;
    private const ulong P2AChannels = 1UL << 0;

    private readonly ScmiSensor _sensor = new(sensorName);

    public ulong Features => P2AChannels | VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 2;

    public ReadOnlySpan<byte> Config => [];

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the SCMI device has no config";

    /// <summary>Nothing happens of itself here, so that the event queue's buffers wait for ever.</summary>
    public Served Serve(int queue, Chain chain, IQueues queues) => queue == CommandQueue ? Command(chain) : Served.Kept;

    public void Stop(int queue, IQueues queues)
    {
        // The event queue's buffers are forgotten, as by the daemon, which does not take them.
    }

    private Served Command(Chain chain)
    {
        byte[] request = new byte[Math.Min(chain.Readable.Length, LargestRequest)];
        if (request.Length < HeaderSize || !chain.Readable.TryRead(0, request) || chain.Writable.Length < HeaderSize + StatusSize)
        {
            return Served.Broken("an SCMI message without a header, or without room for a status");
        }
        uint header = BinaryPrimitives.ReadUInt32LittleEndian(request);
        byte[] answer = Answer(header, request.AsSpan(HeaderSize));
        if (HeaderSize + answer.Length > chain.Writable.Length) answer = ScmiAnswer.Failed(ScmiStatus.CommunicationError);
        return chain.Writable.TryWrite(0, [.. request[..HeaderSize], .. answer])
            ? Served.Done((uint)(HeaderSize + answer.Length))
            : Served.Broken("an SCMI answer outside the memory");
    }

    /// <summary>The header is message id 7:0, type 9:8 (commands are 0), protocol 17:10, and a token that nobody looks at.</summary>
    private byte[] Answer(uint header, ReadOnlySpan<byte> parameters)
    {
        (byte message, byte protocol, bool isCommand) = ((byte)header, (byte)(header >> 10), (header >> 8 & 3) == 0);
        int? count = protocol switch
        {
            ScmiBase.Protocol when isCommand => ScmiBase.ParametersOf(message),
            ScmiSensor.Protocol when isCommand => ScmiSensor.ParametersOf(message),
            _ => null,
        };
        if (count is null) return ScmiAnswer.Failed(ScmiStatus.NotSupported);
        if (parameters.Length != 4 * count) return ScmiAnswer.Failed(ScmiStatus.InvalidParameters);
        uint first = count > 0 ? BinaryPrimitives.ReadUInt32LittleEndian(parameters) : 0;
        uint second = count > 1 ? BinaryPrimitives.ReadUInt32LittleEndian(parameters[4..]) : 0;
        return protocol == ScmiBase.Protocol ? ScmiBase.Answer(message, first) : _sensor.Answer(message, first, second);
    }
}
