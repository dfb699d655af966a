using System.Net;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Net;

/// <summary>virtio-net (virtio 1.3, 5.1) with nothing behind it but a gateway that says where it is (ARP).</summary>
internal sealed class NetDevice(IPAddress gateway) : IStandInDevice
{
    internal const int ReceiveQueue = 0, TransmitQueue = 1;
    private const int HeaderSize = 12, LargestFrame = 65550;
    private const ulong MergeReceiveBuffers = 1UL << 15;

    private readonly WaitingBuffers _buffers = new(ReceiveQueue);
    private readonly ArpResponder _gateway = new(gateway);

    public ulong Features => MergeReceiveBuffers;

    public int QueueCount => 2;

    public ReadOnlySpan<byte> Config => [];

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the device has no config";

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        if (queue == ReceiveQueue)
        {
            return chain.Writable.Length <= HeaderSize ? Served.Broken("a receive buffer without room for a header") : _buffers.Add(chain, queues);
        }
        if (chain.Readable.Length is < HeaderSize or > HeaderSize + LargestFrame) return Served.Broken($"a packet of {chain.Readable.Length} bytes");
        byte[] packet = new byte[chain.Readable.Length];
        if (!chain.Readable.TryRead(0, packet)) return Served.Broken("a packet outside the memory");
        if (_gateway.Answer(packet.AsSpan(HeaderSize)) is { } answer) _buffers.Send([.. Header(), .. answer], queues);
        return Served.Done(0);
    }

    public void Stop(int queue, IQueues queues)
    {
        if (queue == ReceiveQueue) _buffers.Forget();
    }

    /// <summary>struct virtio_net_hdr_mrg_rxbuf: nothing is offloaded, and the packet lies in one buffer.</summary>
    private static byte[] Header() => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
}
