using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>The guest's memory as far as the front-end showed it. Regions are sorted and do not overlap.</summary>
internal sealed class GuestMemory : IDisposable
{
    private readonly List<GrantMapping> _touched = [];
    private List<MappedRegion> _regions = [];

    /// <summary>Told why when a page that is mapped on demand cannot be; the originals do not survive that.</summary>
    internal Action<string> CannotTouch { get; init; } = _ => { };

    internal bool IsEmpty => _regions.Count == 0;

    /// <summary>Puts a new table in the old one's place; gives the reason when it is refused, and keeps the old one.</summary>
    internal string? Replace(List<MappedRegion> regions)
    {
        for (int i = 1; i < regions.Count; i++)
        {
            MemoryRegion before = regions[i - 1].Region, region = regions[i].Region;
            if (region.GuestAddress < before.GuestAddress) return "regions that are not sorted by guest address";
            if (region.GuestAddress < before.GuestEnd) return "regions that overlap";
        }
        Dispose();
        _regions = regions;
        return null;
    }

    internal string? Add(MappedRegion added)
    {
        MemoryRegion region = added.Region;
        if (_regions.Exists(r => r.Region.GuestAddress < region.GuestEnd && region.GuestAddress < r.Region.GuestEnd))
        {
            return "a region that overlaps another";
        }
        _regions.Add(added);
        _regions.Sort((one, other) => one.Region.GuestAddress.CompareTo(other.Region.GuestAddress));
        return null;
    }

    /// <summary>Takes out the region of exactly this address and size.</summary>
    internal string? Remove(MemoryRegion region)
    {
        int found = _regions.FindIndex(r => r.Region.GuestAddress == region.GuestAddress && r.Region.Size == region.Size);
        if (found < 0) return $"no region at 0x{region.GuestAddress:x} of {region.Size} bytes";
        _regions[found].Dispose();
        _regions.RemoveAt(found);
        return null;
    }

    /// <summary>Ring addresses come as the front-end's own; where user ranges overlap, the first one wins.</summary>
    internal bool TryTranslateUser(ulong user, out ulong guest)
    {
        MappedRegion? region = _regions.Find(r => user >= r.Region.UserAddress && user - r.Region.UserAddress < r.Region.Size);
        guest = region is null ? 0 : user - region.Region.UserAddress + region.Region.GuestAddress;
        return region is not null;
    }

    internal bool IsOnDemand(ulong guest) => Find(guest)?.Region.OnDemand == true;

    /// <summary>A range that lies in one region as a whole, for a ring's atomic accesses.</summary>
    internal bool TryFind(ulong guest, ulong length, out Mapping mapping, out long offset)
    {
        MappedRegion? region = Find(guest);
        offset = region is null ? 0 : (long)(guest - region.Region.GuestAddress);
        mapping = region?.Mapping!;
        return mapping is not null && mapping.Contains((ulong)offset, length);
    }

    internal bool Covers(ulong guest, ulong length)
    {
        while (length > 0)
        {
            if (Find(guest) is not { } region || (region.Mapping is null && !region.Region.OnDemand)) return false;
            ulong part = Math.Min(length, region.Region.GuestEnd - guest);
            (guest, length) = (guest + part, length - part);
        }
        return true;
    }

    /// <summary>
    /// The bytes from an address to the end of its region, at most <paramref name="length"/>; empty when there are none. What
    /// is mapped on demand is there until <see cref="LetGo"/>.
    /// </summary>
    internal Span<byte> Piece(ulong guest, int length, bool write)
    {
        if (Find(guest) is not { } region) return default;
        int part = (int)Math.Min((ulong)length, region.Region.GuestEnd - guest);
        if (region.Region.OnDemand) return Touch(region, guest, part, write);
        return region.Mapping is { } mapping ? mapping.Slice((long)(guest - region.Region.GuestAddress), part) : default;
    }

    /// <summary>Copies out of the guest; false when not all of it is there.</summary>
    internal bool TryRead(ulong guest, Span<byte> into)
    {
        while (into.Length > 0)
        {
            Span<byte> piece = Piece(guest, into.Length, write: false);
            if (piece.IsEmpty) return false;
            piece.CopyTo(into);
            guest += (ulong)piece.Length;
            into = into[piece.Length..];
        }
        return true;
    }

    /// <summary>Unmaps what was mapped on demand: before the guest hears that it has its buffers back.</summary>
    internal void LetGo()
    {
        _touched.ForEach(granted => granted.Dispose());
        _touched.Clear();
    }

    public void Dispose()
    {
        LetGo();
        _regions.ForEach(region => region.Dispose());
        _regions = [];
    }

    private Span<byte> Touch(MappedRegion region, ulong guest, int length, bool write)
    {
        int error = region.TryTouch(guest, (ulong)length, write, out GrantMapping? granted);
        if (granted is null)
        {
            CannotTouch($"{length} bytes at 0x{guest:x} cannot be mapped for {(write ? "writing" : "reading")}: {Errno.Name(error)}");
            return default;
        }
        _touched.Add(granted);
        return granted.Pages.Slice((long)(guest % XenMappings.PageSize), length);
    }

    private MappedRegion? Find(ulong guest) =>
        _regions.Find(r => guest >= r.Region.GuestAddress && guest - r.Region.GuestAddress < r.Region.Size);
}
