using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>Looks at a guest's memory by mapping it for a moment. No page is touched whose error was not 0.</summary>
internal sealed class ForeignMemory
{
    private const ulong PageSize = XenConstants.PageSize;

    /// <summary>Frames per call, and so between two questions whether a look is over: 64 MiB.</summary>
    private const int Batch = (64 << 20) / XenConstants.PageSize;

    private readonly Privcmd _privcmd;
    private readonly uint _domid;
    private readonly IReadOnlyList<RamRange> _ranges;
    private readonly SharedLook _look;

    /// <param name="privcmd">Restricted to the guest.</param>
    /// <param name="domid">The guest.</param>
    /// <param name="ranges">Where its RAM may be.</param>
    internal ForeignMemory(Privcmd privcmd, uint domid, IReadOnlyList<RamRange> ranges)
    {
        _privcmd = privcmd;
        _domid = domid;
        _ranges = ranges;
        _look = new SharedLook(Look);
    }

    /// <summary>The runs of frames that are there. A look that began after the call was made serves the call.</summary>
    /// <param name="isOver">Whether the caller has to leave; asked again and again.</param>
    /// <returns>Null when it had to.</returns>
    /// <exception cref="OsException">ESRCH: the domain is gone; others as mmap and the ioctl give them.</exception>
    internal IReadOnlyList<RamRange>? FindPopulated(Func<bool> isOver) => _look.Find(isOver);

    /// <summary>Maps one page, read-only; null when it is not there.</summary>
    internal Mapping? TryMapPage(ulong guestAddress)
    {
        Span<int> error = stackalloc int[1];
        int result = _privcmd.TryMapFrames(_domid, guestAddress / PageSize, error, out Mapping? page);
        if (result == 0 && error[0] == 0)
        {
            return page;
        }

        page?.Dispose();
        return null;
    }

    private IReadOnlyList<RamRange>? Look(Func<bool> isOver)
    {
        PopulatedRuns runs = new();
        int[] errors = new int[Batch];
        foreach (RamRange range in _ranges)
        {
            ulong frame = range.Address / PageSize, end = (range.Address + range.Size) / PageSize;
            while (frame < end)
            {
                if (isOver())
                {
                    return null;
                }

                int count = (int)Math.Min(Batch, end - frame);
                LookAt(frame, errors.AsSpan(0, count), runs);
                frame += (ulong)count;
            }
        }

        return runs.Runs;
    }

    private void LookAt(ulong frame, Span<int> errors, PopulatedRuns runs)
    {
        int result = _privcmd.TryMapFrames(_domid, frame, errors, out Mapping? mapping);
        mapping?.Dispose();
        if (result < 0)
        {
            throw new OsException("IOCTL_PRIVCMD_MMAPBATCH_V2", XenErrors.Target(_domid), -result, XenErrors.Advice(-result));
        }

        if (!runs.Add(frame, errors))
        {
            throw new OsException("IOCTL_PRIVCMD_MMAPBATCH_V2", XenErrors.Target(_domid), Errno.ESRCH, XenErrors.Advice(Errno.ESRCH));
        }
    }
}
