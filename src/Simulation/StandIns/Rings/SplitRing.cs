using System.Buffers.Binary;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>The device's side of a split virtqueue (virtio 1.3, 2.7), with event indices when negotiated.</summary>
internal sealed class SplitRing(GuestMemory memory, Vring ring, Action<string> log)
{
    private const int IndexOffset = 2, HeaderSize = 4, UsedElementSize = 8;
    private const ushort NoInterrupt = 1;

    /// <summary>The next request of the driver; null when there is none, and when the ring is broken.</summary>
    internal Chain? TryPop()
    {
        if (ring.Broken || !TryAvailable(out Mapping available, out long start)) return null;
        ushort pending = (ushort)(available.ReadAcquireU16(start + IndexOffset) - ring.NextAvailable);
        if (pending == 0) return null;
        if (pending > ring.Size) return Break($"an available index {pending} ahead of the device, {ring.Size} is the most");
        ushort head = available.ReadU16(start + HeaderSize + (2 * (ring.NextAvailable % ring.Size)));
        Chain? chain = ChainReader.Read(memory, ring, head, out string? fault);
        if (chain is null) return Break(fault!);
        ring.NextAvailable++;
        ring.Inflight?.Begin(chain.Head);
        return chain;
    }

    /// <summary>The requests that an earlier back-end took and did not give back; once after each start of the ring.</summary>
    internal List<Chain> TakeUp()
    {
        if (ring.Inflight is null || ring.TookUp) return [];
        ring.TookUp = true;
        List<ushort> heads = ring.Inflight.TakeUp(ring.NextUsed);
        ring.NextAvailable = (ushort)(ring.NextUsed + heads.Count);
        if (heads.Count > 0) log($"queue {ring.Index}: takes up {heads.Count} requests");
        List<Chain> chains = [];
        foreach (ushort head in heads)
        {
            if (ChainReader.Read(memory, ring, head, out string? fault) is { } chain) chains.Add(chain);
            else Break(fault!);
        }
        return chains;
    }

    /// <summary>Gives a request back and wakes the driver if it wants that.</summary>
    internal void Push(Chain chain, uint written)
    {
        memory.LetGo();
        if (!TryUsed(out Mapping used, out long start)) return;
        Span<byte> element = used.Slice(start + HeaderSize + (UsedElementSize * (ring.NextUsed % ring.Size)), UsedElementSize);
        BinaryPrimitives.WriteUInt32LittleEndian(element, chain.Head);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], written);
        ring.NextUsed++;
        ring.Inflight?.Prepare(chain.Head);
        used.WriteReleaseU16(start + IndexOffset, ring.NextUsed);
        ring.Inflight?.Finish(chain.Head, ring.NextUsed);
        if (WantsInterrupt()) ring.Call?.TrySignalNow();
    }

    /// <summary>Asks for a kick with the next request. True when one came meanwhile, so that the ring must be looked at again.</summary>
    internal bool AskForKick()
    {
        memory.LetGo();
        if (ring.Broken || !TryUsed(out Mapping used, out long start)) return false;
        if (ring.EventIdx) used.WriteU16(start + HeaderSize + (UsedElementSize * ring.Size), ring.NextAvailable);
        Mapping.FullBarrier();
        return TryAvailable(out Mapping available, out long at)
            && available.ReadAcquireU16(at + IndexOffset) != ring.NextAvailable;
    }

    /// <summary>Stops the ring until it is set up anew, and tells the front-end through the error descriptor.</summary>
    internal Chain? Break(string fault)
    {
        ring.Broken = true;
        log($"queue {ring.Index} is broken: {fault}");
        ring.Err?.TrySignalNow();
        return null;
    }

    private bool WantsInterrupt()
    {
        Mapping.FullBarrier();
        if (!TryAvailable(out Mapping available, out long start)) return false;
        if (!ring.EventIdx) return (available.ReadU16(start) & NoInterrupt) == 0;
        bool first = !ring.NotifiedOnce;
        ring.NotifiedOnce = true;
        ushort wanted = available.ReadU16(start + HeaderSize + (2 * ring.Size));
        return first || wanted == (ushort)(ring.NextUsed - 1);
    }

    private bool TryAvailable(out Mapping mapping, out long offset) =>
        TryPart(ring.Available, (ulong)(HeaderSize + (2 * ring.Size) + 2), 2, out mapping, out offset);

    private bool TryUsed(out Mapping mapping, out long offset) =>
        TryPart(ring.Used, (ulong)(HeaderSize + (UsedElementSize * ring.Size) + 2), 4, out mapping, out offset);

    private bool TryPart(ulong address, ulong length, int alignment, out Mapping mapping, out long offset)
    {
        if (memory.TryFind(address, length, out mapping, out offset) && offset % alignment == 0) return true;
        if (!ring.Broken) Break($"a ring at 0x{address:x} that does not lie in one region");
        return false;
    }
}
