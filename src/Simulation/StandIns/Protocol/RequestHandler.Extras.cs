using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>
/// What no daemon that is packaged offers: the buffer of requests in flight, the status, and requests of the back-end's
/// own. Written from the specification; only the order of the status is stricter than there.
/// </summary>
internal sealed partial class RequestHandler
{
    private const int InflightSize = 24;
    private const ulong StatusDriverOk = 4, StatusFeaturesOk = 8, KnownStatus = 0xff;

    private Mapping? _inflight;
    private ulong _status;

    /// <summary>The way to the front-end for requests of our own; null until it gave one.</summary>
    internal RequestSender? ToFrontEnd { get; private set; }

    private Outcome SetBackEndRequestFd(VhostUserMessage message)
    {
        if (IfAcked(ProtocolFeature.BACKEND_REQ) is { } refusal) return refusal;
        if (message.DescriptorCount != 1) return Outcome.Cut($"{message.DescriptorCount} descriptors instead of a socket");
        ToFrontEnd?.Dispose();
        ToFrontEnd = new(UnixSocket.From(message.TakeDescriptors()[0]), log, () => AcknowledgesRequests);
        return Outcome.Done;
    }

    private string? SetMtu(ulong mtu)
    {
        const ulong Least = 68, Most = 9000;
        if (mtu is < Least or > Most) return $"an MTU of {mtu}";
        log($"the MTU is {mtu}");
        return null;
    }

    private Outcome GetStatus() => IfAcked(ProtocolFeature.STATUS) ?? Outcome.Answer(_status);

    private Outcome SetStatus(ulong status)
    {
        if (IfAcked(ProtocolFeature.STATUS) is { } refusal) return refusal;
        if ((status & ~KnownStatus) != 0) return Outcome.Nack($"status 0x{status:x}");
        if ((status & StatusFeaturesOk) != 0 && _ackedFeatures == 0) return Outcome.Nack("FEATURES_OK before SET_FEATURES");
        bool starts = (status & ~_status & StatusDriverOk) != 0;
        if (starts && (status & StatusFeaturesOk) == 0) return Outcome.Nack("DRIVER_OK without FEATURES_OK");
        if (starts && !Queues.Rings.Any(ring => ring.Runs)) return Outcome.Nack("DRIVER_OK before any ring is enabled");
        if (status == 0 && Queues.Rings.Any(ring => ring.Started)) return Outcome.Nack("a status of 0 before the rings are stopped");
        _status = status;
        return Outcome.Done;
    }

    private Outcome GetInflightFd(VhostUserMessage message)
    {
        if (IfAcked(ProtocolFeature.INFLIGHT_SHMFD) is { } refusal) return refusal;
        (int queues, int size) = (U16(message.Payload, 16), U16(message.Payload, 18));
        if (queues != device.QueueCount || size == 0) return Outcome.Nack($"a buffer for {queues} queues of {size}");
        long bytes = queues * InflightQueue.BytesFor(size);
        log("makes a buffer of what is in flight");
        FileDescriptor file = Memfd.Create("inflight", bytes, @sealed: false);
        byte[] reply = message.Payload.ToArray();
        MemoryMarshal.Write(reply, in bytes);
        return Outcome.Answer(reply) with { Descriptor = file };
    }

    private Outcome SetInflightFd(VhostUserMessage message)
    {
        if (IfAcked(ProtocolFeature.INFLIGHT_SHMFD) is { } refusal) return refusal;
        if (message.DescriptorCount != 1) return Outcome.Cut($"{message.DescriptorCount} descriptors instead of a buffer");
        if (Queues.Rings.Any(ring => ring.Started)) return Outcome.Nack("a buffer of what is in flight while rings run");
        using FileDescriptor file = message.TakeDescriptors()[0];
        (ulong bytes, ulong offset) = (MemoryMarshal.Read<ulong>(message.Payload), MemoryMarshal.Read<ulong>(message.Payload[8..]));
        (int queues, int size) = (U16(message.Payload, 16), U16(message.Payload, 18));
        if (queues != device.QueueCount || size == 0 || bytes < (ulong)(queues * InflightQueue.BytesFor(size)))
        {
            return Outcome.Nack($"a buffer of {bytes} bytes for {queues} queues of {size}");
        }
        int error = Mapping.TryMap(file, (long)offset, (long)bytes, writable: true, out Mapping? mapped);
        if (mapped is null) return Outcome.Nack($"the buffer cannot be mapped: {Errno.Name(error)}");
        _inflight?.Dispose();
        _inflight = mapped;
        foreach (Vring ring in Queues.Rings)
        {
            ring.Inflight = new InflightQueue(mapped, ring.Index * InflightQueue.BytesFor(size), size);
            if (!ring.Inflight.IsInUse) ring.Inflight.Initialize();
        }
        return Outcome.Done;
    }

    private void DisposeExtras()
    {
        _inflight?.Dispose();
        ToFrontEnd?.Dispose();
    }

    private static ushort U16(ReadOnlySpan<byte> payload, int offset) => MemoryMarshal.Read<ushort>(payload[offset..]);
}
