using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>Collects the frames that could be mapped into runs that touch no hole.</summary>
internal sealed class PopulatedRuns
{
    private const ulong PageSize = 4096;

    private readonly List<RamRange> _runs = [];

    internal IReadOnlyList<RamRange> Runs => _runs;

    /// <summary>Takes the result of mapping frames that follow each other. Frames come in ascending order.</summary>
    /// <param name="firstFrame">The number of the first.</param>
    /// <param name="errors">0 or a negative errno per frame.</param>
    /// <returns>False when one says that the domain is gone.</returns>
    internal bool Add(ulong firstFrame, ReadOnlySpan<int> errors)
    {
        int at = 0;
        while (at < errors.Length)
        {
            if (errors[at] == -Errno.ESRCH)
            {
                return false;
            }

            int good = at;
            while (good < errors.Length && errors[good] == 0)
            {
                good++;
            }

            Append((firstFrame + (ulong)at) * PageSize, (ulong)(good - at) * PageSize);
            at = Math.Max(good, at + 1);
        }

        return true;
    }

    private void Append(ulong address, ulong size)
    {
        if (size == 0)
        {
            return;
        }

        if (_runs is [.., var last] && last.Address + last.Size == address)
        {
            _runs[^1] = last with { Size = last.Size + size };
        }
        else
        {
            _runs.Add(new RamRange(address, size));
        }
    }
}
