using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Rng;

/// <summary>virtio-rng (virtio 1.3, 5.4): each request is one buffer, filled from the source, which is read over and over.</summary>
internal sealed class RngDevice(Stream source, Stream? recording) : IStandInDevice
{
    private const int Most = 1 << 16;

    public ulong Features => VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 1;

    public ReadOnlySpan<byte> Config => [];

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the random number generator has no config";

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        if (chain.Readable.Count != 0 || chain.Writable.Count != 1)
        {
            return Served.Broken("a request for random numbers that is not one writable buffer");
        }
        byte[] bytes = new byte[Math.Min(chain.Writable.Length, Most)];
        Fill(bytes);
        recording?.Write(bytes);
        recording?.Flush();
        return chain.Writable.TryWrite(0, bytes)
            ? Served.Done((uint)bytes.Length)
            : Served.Broken("a buffer for random numbers outside the memory");
    }

    public void Stop(int queue, IQueues queues)
    {
        // Nothing is kept.
    }

    private void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = source.Read(bytes);
            if (read == 0) source.Position = 0;
            bytes = bytes[read..];
        }
    }
}
