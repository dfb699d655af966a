using System.Buffers.Binary;
using System.Diagnostics;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Scsi;

/// <summary>virtio-scsi (virtio 1.3, 5.6) with one target that has one logical unit, with the numbers of vhost-device-scsi.</summary>
internal sealed class ScsiDevice(ScsiDisk disk, int maximumQueueSize) : IStandInDevice
{
    private const int RequestQueue = 2, HeaderSize = 19, CommandSize = 32, SenseSize = 96, ResponseSize = 12 + SenseSize;
    private const ulong HotPlug = 1UL << 1;
    private const byte Ok = 0, BadTarget = 3, Failure = 9;
    private const byte NoSuchUnit = 0x25;

    private readonly byte[] _config = MakeConfig(maximumQueueSize);

    public ulong Features => HotPlug;

    public int QueueCount => 3;

    public ReadOnlySpan<byte> Config => _config;

    /// <summary>The original ends of any write, with a panic.</summary>
    public string? WriteConfig(int offset, ReadOnlySpan<byte> data)
    {
        Process.GetCurrentProcess().Kill();
        return "the config is the front-end's to keep";
    }

    /// <summary>As the original, which looks at neither the control nor the event queue: what is put there stays.</summary>
    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        if (queue != RequestQueue) return Served.Kept;
        Span<byte> request = stackalloc byte[HeaderSize + CommandSize];
        if (!chain.Readable.TryRead(0, request)) return Served.Broken($"a SCSI request with a header of {chain.Readable.Length} bytes");
        if (chain.Writable.Length < ResponseSize) return Served.Broken("a SCSI request without room for its response");
        (byte response, ScsiResult result) = Execute(request, chain);
        byte[] head = Head(response, result);
        return chain.Writable.TryWrite(0, head) && chain.Writable.TryWrite(ResponseSize, result.Data.AsSpan(0, Fitting(chain, result)))
            ? Served.Done((uint)(ResponseSize + Fitting(chain, result)) + result.Moved)
            : Served.Broken("a response outside the memory");
    }

    public void Stop(int queue, IQueues queues)
    {
        // What is answered is answered at once; what is not is forgotten.
    }

    /// <summary>The first byte of a unit's address is 1, the second the target; then the unit, flat (virtio 1.3, 5.6.6.1).</summary>
    private (byte Response, ScsiResult Result) Execute(ReadOnlySpan<byte> request, Chain chain)
    {
        if (request[0] != 1) return (Failure, ScsiResult.Done);
        if (request[1] != 0) return (BadTarget, ScsiResult.Done);
        ReadOnlySpan<byte> command = request[HeaderSize..];
        int unit = BinaryPrimitives.ReadUInt16BigEndian(request[2..]) & 0x3fff;
        if (unit == 0) return (Ok, disk.Execute(command, chain, HeaderSize + CommandSize, ResponseSize));

        // INQUIRY says that there could be a unit and is none; all else is refused.
        return (Ok, (ScsiCommand)command[0] == ScsiCommand.Inquiry
            ? ScsiResult.With([0x7f, .. new byte[35]], BinaryPrimitives.ReadUInt16BigEndian(command[3..]))
            : ScsiResult.Illegal(NoSuchUnit));
    }

    private static int Fitting(Chain chain, ScsiResult result) => (int)Math.Min(result.Data.Length, chain.Writable.Length - ResponseSize);

    /// <summary>struct virtio_scsi_cmd_resp.</summary>
    private static byte[] Head(byte response, ScsiResult result)
    {
        byte[] head = new byte[ResponseSize];
        BinaryPrimitives.WriteInt32LittleEndian(head, result.Sense.Length);
        (head[10], head[11]) = (result.Status, response);
        result.Sense.CopyTo(head, 12);
        return head;
    }

    private static byte[] MakeConfig(int maximumQueueSize)
    {
        byte[] config = new byte[36];
        uint[] words = [1, (uint)Math.Max(1, maximumQueueSize - 2), 0xffff, 128, 16, SenseSize, CommandSize, 255u << 16, 0x3fff];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(4 * i), words[i]);
        return config;
    }
}
