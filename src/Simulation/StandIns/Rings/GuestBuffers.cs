using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>The readable or the writable half of a chain, seen as one run of bytes.</summary>
/// <param name="memory">Where they are.</param>
/// <param name="writable">Whether they are the half that the device writes.</param>
internal sealed class GuestBuffers(GuestMemory memory, bool writable)
{
    private readonly List<GuestRange> _ranges = [];

    /// <summary>Sum of the buffers' lengths, in bytes.</summary>
    internal long Length { get; private set; }

    /// <summary>How many descriptors they came in.</summary>
    internal int Count => _ranges.Count;

    internal void Add(GuestRange range)
    {
        _ranges.Add(range);
        Length += range.Length;
    }

    /// <summary>
    /// The contiguous bytes at an offset, at most <paramref name="length"/>; empty at the end, and when the memory has
    /// gone meanwhile.
    /// </summary>
    internal Span<byte> Piece(long offset, int length)
    {
        foreach (GuestRange range in _ranges)
        {
            if (offset < range.Length) return memory.Piece(range.Address + (ulong)offset, (int)Math.Min(length, range.Length - offset), writable);
            offset -= range.Length;
        }
        return default;
    }

    /// <summary>Copies out of the guest; false when not all of it is there.</summary>
    internal bool TryRead(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            Span<byte> piece = Piece(offset, into.Length);
            if (piece.IsEmpty) return false;
            piece.CopyTo(into);
            offset += piece.Length;
            into = into[piece.Length..];
        }
        return true;
    }

    /// <summary>Copies into the guest; false when not all of it has a place.</summary>
    internal bool TryWrite(long offset, ReadOnlySpan<byte> from)
    {
        while (from.Length > 0)
        {
            Span<byte> piece = Piece(offset, from.Length);
            if (piece.IsEmpty) return false;
            from[..piece.Length].CopyTo(piece);
            offset += piece.Length;
            from = from[piece.Length..];
        }
        return true;
    }
}
