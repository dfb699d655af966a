using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>Looks at a guest's memory by mapping it for a moment. No page is touched whose error was not 0.</summary>
/// <param name="privcmd">Restricted to the guest.</param>
/// <param name="domid">The guest.</param>
internal sealed class ForeignMemory(Privcmd privcmd, uint domid)
{
    private const ulong PageSize = XenConstants.PageSize;

    /// <summary>Frames per call: 64 MiB.</summary>
    private const int Batch = (64 << 20) / XenConstants.PageSize;

    private readonly Lock _gate = new();
    private long _asked;
    private long _answers;
    private IReadOnlyList<RamRange> _populated = [];

    /// <summary>The runs of frames that are there. A look that began after the call was made serves the call.</summary>
    /// <param name="ranges">Where to look; always the same.</param>
    /// <exception cref="OsException">ESRCH: the domain is gone; others as mmap and the ioctl give them.</exception>
    internal IReadOnlyList<RamRange> FindPopulated(IReadOnlyList<RamRange> ranges)
    {
        long ticket = Interlocked.Increment(ref _asked);
        lock (_gate)
        {
            if (_answers < ticket)
            {
                long answers = Interlocked.Read(ref _asked);
                _populated = Look(ranges);
                _answers = answers;
            }

            return _populated;
        }
    }

    /// <summary>Maps one page, read-only; null when it is not there.</summary>
    internal Mapping? TryMapPage(ulong guestAddress)
    {
        Span<int> error = stackalloc int[1];
        int result = privcmd.TryMapFrames(domid, guestAddress / PageSize, error, out Mapping? page);
        if (result == 0 && error[0] == 0)
        {
            return page;
        }

        page?.Dispose();
        return null;
    }

    private IReadOnlyList<RamRange> Look(IReadOnlyList<RamRange> ranges)
    {
        PopulatedRuns runs = new();
        int[] errors = new int[Batch];
        foreach (RamRange range in ranges)
        {
            ulong frame = range.Address / PageSize, end = (range.Address + range.Size) / PageSize;
            while (frame < end)
            {
                int count = (int)Math.Min(Batch, end - frame);
                LookAt(frame, errors.AsSpan(0, count), runs);
                frame += (ulong)count;
            }
        }

        return runs.Runs;
    }

    private void LookAt(ulong frame, Span<int> errors, PopulatedRuns runs)
    {
        int result = privcmd.TryMapFrames(domid, frame, errors, out Mapping? mapping);
        mapping?.Dispose();
        if (result < 0)
        {
            throw new OsException("IOCTL_PRIVCMD_MMAPBATCH_V2", XenErrors.Target(domid), -result, XenErrors.Advice(-result));
        }

        if (!runs.Add(frame, errors))
        {
            throw new OsException("IOCTL_PRIVCMD_MMAPBATCH_V2", XenErrors.Target(domid), Errno.ESRCH, XenErrors.Advice(Errno.ESRCH));
        }
    }
}
