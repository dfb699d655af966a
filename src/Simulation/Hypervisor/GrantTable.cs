namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// What a guest has granted to dom0: each reference names one page, which may be for reading only, and cannot be taken
/// back while somebody has it mapped (xen/grant_table.h). Any thread.
/// </summary>
internal sealed class GrantTable
{
    /// <summary>As many as a guest has with libxl's usual 64 frames.</summary>
    internal const int References = 64 * 512;

    /// <summary>The first ones are the toolstack's (GNTTAB_NR_RESERVED_ENTRIES).</summary>
    private const int Reserved = 8;

    private readonly Lock _gate = new();
    private readonly Grant[] _grants = new Grant[References];
    private int _next = Reserved;

    /// <summary>Grants pages that follow each other in the RAM's file, by references that follow each other.</summary>
    /// <param name="fileOffset">The first page's place in the file.</param>
    /// <param name="pages">How many.</param>
    /// <param name="readOnly">Whether they may only be read.</param>
    /// <returns>The first reference, or null when there are too few left.</returns>
    internal uint? Add(ulong fileOffset, int pages, bool readOnly)
    {
        lock (_gate)
        {
            // Not the lowest free ones: a reference that comes back late must not meet its own old mapping by chance.
            int? first = FindFree(_next, pages) ?? FindFree(Reserved, pages);
            for (int i = 0; i < pages && first is not null; i++)
            {
                _grants[first.Value + i] = new Grant(fileOffset + ((ulong)i * MemoryBank.PageSize), readOnly, IsMade: true, Mappings: 0);
            }

            _next = first + pages ?? _next;
            return (uint?)first;
        }
    }

    /// <summary>Takes grants back. False when one of them is still mapped: that one stays.</summary>
    internal bool TryEnd(uint first, int pages)
    {
        lock (_gate)
        {
            bool all = true;
            for (uint reference = first; reference < first + pages; reference++)
            {
                bool free = _grants[reference].Mappings == 0;
                _grants[reference] = free ? default : _grants[reference];
                all &= free;
            }

            return all;
        }
    }

    /// <summary>Maps the pages that begin at a reference and follow each other in the file.</summary>
    /// <param name="first">The first reference.</param>
    /// <param name="count">The most.</param>
    /// <param name="writable">Whether they shall be written to.</param>
    /// <param name="fileOffset">Where they are in the file.</param>
    /// <param name="mapped">How many there are, 1 or more.</param>
    /// <returns>0, or EINVAL: nobody granted the first of them, or not for writing.</returns>
    internal int TryMap(ulong first, ulong count, bool writable, out ulong fileOffset, out ulong mapped)
    {
        lock (_gate)
        {
            (fileOffset, mapped) = (0, 0);
            while (mapped < count && IsGranted(first + mapped, writable)
                && (mapped == 0 || _grants[first + mapped].FileOffset == fileOffset + (mapped * MemoryBank.PageSize)))
            {
                ref Grant grant = ref _grants[first + mapped];
                fileOffset = mapped == 0 ? grant.FileOffset : fileOffset;
                grant = grant with { Mappings = grant.Mappings + 1 };
                mapped++;
            }

            return mapped > 0 ? 0 : HypercallError.Invalid;
        }
    }

    /// <summary>One mapping of a reference less.</summary>
    internal void Unmap(ulong reference)
    {
        lock (_gate)
        {
            ref Grant grant = ref _grants[reference];
            grant = grant with { Mappings = Math.Max(0, grant.Mappings - 1) };
        }
    }

    private bool IsGranted(ulong reference, bool writable) =>
        reference < References && _grants[reference] is { IsMade: true } grant && !(writable && grant.IsReadOnly);

    private int? FindFree(int from, int pages)
    {
        int run = 0;
        for (int reference = from; reference < References; reference++)
        {
            run = _grants[reference].IsMade ? 0 : run + 1;
            if (run == pages)
            {
                return reference - pages + 1;
            }
        }

        return null;
    }

    private readonly record struct Grant(ulong FileOffset, bool IsReadOnly, bool IsMade, int Mappings);
}
