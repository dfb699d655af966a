using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>The rings.</summary>
internal sealed partial class RequestHandler
{
    private const ulong IndexMask = 0xff, NoDescriptor = 0x100;

    private Outcome WithRing(VhostUserMessage message, Func<Vring, uint, string?> set)
    {
        Vring? ring = Queues.Find(U32(message.Payload, 0));
        return ring is null ? NoRing(message) : Outcome.NackIf(set(ring, U32(message.Payload, 4)));
    }

    private Outcome NoRing(VhostUserMessage message) =>
        Outcome.Nack($"queue {U32(message.Payload, 0)}, the device has {device.QueueCount}");

    private string? SetVringNum(Vring ring, uint size)
    {
        if (size == 0 || size > options.MaximumQueueSize)
        {
            return $"queue {ring.Index} of {size} descriptors, {options.MaximumQueueSize} are the most";
        }
        ring.TrySetSize((ushort)size);
        return null;
    }

    private static string? SetVringBase(Vring ring, uint index)
    {
        ring.NextAvailable = (ushort)index;
        return null;
    }

    /// <summary>The addresses are the front-end's own, as in the table's user addresses; the used index is read at once.</summary>
    private Outcome SetVringAddr(VhostUserMessage message)
    {
        ReadOnlySpan<ulong> addresses = MemoryMarshal.Cast<byte, ulong>(message.Payload[8..]);
        (ulong descriptors, ulong used, ulong available) = (addresses[0], addresses[1], addresses[2]);
        if (U32(message.Payload, 4) > 1) return Outcome.Cut($"ring flags 0x{U32(message.Payload, 4):x}");
        if (descriptors % 16 != 0 || available % 2 != 0 || used % 4 != 0) return Outcome.Cut("a ring address that is not aligned");
        if (Queues.Find(U32(message.Payload, 0)) is not { } ring) return NoRing(message);
        if (_memory.IsEmpty) return Outcome.Nack("ring addresses before any memory");
        bool known = _memory.TryTranslateUser(descriptors, out descriptors)
            & _memory.TryTranslateUser(available, out available) & _memory.TryTranslateUser(used, out used);
        if (!known) return Outcome.Nack("a ring address in no region's user range");
        (ring.Descriptors, ring.Available, ring.Used) = (descriptors, available, used);
        return Outcome.NackIf(ReadUsedIndex(ring));
    }

    private string? ReadUsedIndex(Vring ring)
    {
        if (_memory.IsOnDemand(ring.Used)) Crash(log, "a ring in a region that is mapped on demand");
        if (!_memory.TryFind(ring.Used + 2, 2, out Mapping mapping, out long offset) || offset % 2 != 0) return "a used ring outside the memory";
        ring.NextUsed = mapping.ReadAcquireU16(offset);
        return null;
    }

    /// <summary>
    /// The original dies of it, by a null pointer (a ring that is not mapped) or a panic (a page that was not granted); so does
    /// this one, with less ceremony.
    /// </summary>
    private static void Crash(Action<string> log, string reason)
    {
        log($"dies: {reason}");
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    private Outcome GetVringBase(VhostUserMessage message)
    {
        uint index = U32(message.Payload, 0);
        if (Queues.Find(index) is not { } ring) return Outcome.Cut(NoRing(message).Reason);
        Queues.Stop(ring);
        return Outcome.Answer([.. BitConverter.GetBytes(index), .. BitConverter.GetBytes((uint)ring.NextAvailable)]);
    }

    private Outcome SetVringFd(VhostUserMessage message)
    {
        ulong word = U64(message);
        int expected = (word & NoDescriptor) == 0 ? 1 : 0;
        if (message.DescriptorCount != expected) return Outcome.Cut($"{message.DescriptorCount} descriptors instead of {expected}");
        if (Queues.Find((uint)(word & IndexMask)) is not { } ring) return Outcome.Nack($"queue {word & IndexMask}, the device has {device.QueueCount}");
        EventFd? counter = expected == 1 ? EventFd.From(message.TakeDescriptors()[0]) : null;
        if (message.Request == Request.SET_VRING_KICK) ring.SetKick(counter);
        else if (message.Request == Request.SET_VRING_CALL) ring.SetCall(counter);
        else ring.SetErr(counter);
        return Outcome.Done;
    }

    private Outcome SetVringEnable(VhostUserMessage message)
    {
        uint enable = U32(message.Payload, 4);
        if ((_ackedFeatures & VirtioFeature.ProtocolFeatures) == 0) return Outcome.Cut("SET_FEATURES did not contain bit 30");
        if (enable > 1) return Outcome.Cut($"neither 0 nor 1 but {enable}");
        if (Queues.Find(U32(message.Payload, 0)) is not { } ring) return NoRing(message);
        ring.Enabled = enable == 1;
        return Outcome.Done;
    }
}
