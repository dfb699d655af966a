using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>Follows a chain of descriptors, every number of which the guest may have made up.</summary>
internal static class ChainReader
{
    /// <summary>The chain, or null and what is wrong with it.</summary>
    internal static Chain? Read(GuestMemory memory, Vring ring, ushort head, out string? fault)
    {
        Chain chain = new(head, memory);
        fault = Follow(memory, chain, ring.Descriptors, ring.Size, head, inIndirect: false);
        return fault is null ? chain : null;
    }

    /// <summary>Collects the buffers of one table, at most as many as it has entries, which ends every loop.</summary>
    private static string? Follow(GuestMemory memory, Chain chain, ulong table, uint entries, ushort first, bool inIndirect)
    {
        Span<byte> wire = stackalloc byte[Descriptor.Size];
        ushort index = first;
        for (uint seen = 0; seen < entries; seen++)
        {
            if (index >= entries) return $"descriptor {index} of a table of {entries}";
            if (!memory.TryRead(table + ((ulong)index * Descriptor.Size), wire)) return "a descriptor table outside the memory";
            Descriptor descriptor = Descriptor.Read(wire);
            string? fault = Take(memory, chain, descriptor, inIndirect);
            if (fault is not null || !descriptor.HasNext) return fault;
            index = descriptor.Next;
        }
        return "a chain that does not end";
    }

    private static string? Take(GuestMemory memory, Chain chain, Descriptor descriptor, bool inIndirect)
    {
        if (descriptor.IsIndirect) return FollowIndirect(memory, chain, descriptor, inIndirect);
        if (!memory.Covers(descriptor.Address, descriptor.Length))
        {
            return $"a buffer of {descriptor.Length} bytes at 0x{descriptor.Address:x}, outside the memory";
        }
        if (!descriptor.IsWritable && chain.Writable.Length > 0) return "a readable buffer behind a writable one";
        (descriptor.IsWritable ? chain.Writable : chain.Readable).Add(new(descriptor.Address, descriptor.Length));
        return null;
    }

    private static string? FollowIndirect(GuestMemory memory, Chain chain, Descriptor descriptor, bool inIndirect)
    {
        uint entries = descriptor.Length / Descriptor.Size;
        if (inIndirect) return "an indirect table inside another";
        if (descriptor.HasNext) return "an indirect descriptor with a next one";
        if (entries is 0 or > ushort.MaxValue || descriptor.Length % Descriptor.Size != 0)
        {
            return $"an indirect table of {descriptor.Length} bytes";
        }
        return Follow(memory, chain, descriptor.Address, entries, first: 0, inIndirect: true);
    }
}
