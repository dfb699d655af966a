namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// What one open /dev/xen/gntdev is on Xen: it maps grants of a guest, and all that it has mapped goes with it.
/// </summary>
internal sealed class GrantDevice(GuestDomain domain) : IDisposable
{
    private readonly Dictionary<ulong, int> _mappings = [];

    /// <summary>
    /// Maps grants from a reference on. The answer is the place of the first page in the RAM's file and how many follow
    /// each other there; there may be fewer than asked for, never none.
    /// </summary>
    internal HypercallResult Map(ulong first, ulong count, ulong writable)
    {
        if (writable > 1)
        {
            return HypercallResult.Failed(HypercallError.Invalid);
        }

        int error = domain.Grants.TryMap(first, count, writable == 1, out ulong fileOffset, out ulong mapped);
        for (ulong i = 0; i < mapped; i++)
        {
            _mappings[first + i] = _mappings.GetValueOrDefault(first + i) + 1;
        }

        return error == 0
            ? new HypercallResult(HypercallAnswer.Ok(fileOffset, mapped), domain.Ram)
            : HypercallResult.Failed(error);
    }

    /// <summary>Ends mappings of this device; ENOENT at the first that it does not have.</summary>
    internal HypercallResult Unmap(ulong first, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (!_mappings.TryGetValue(first + i, out int times))
            {
                return HypercallResult.Failed(HypercallError.NoEntry);
            }

            domain.Grants.Unmap(first + i);
            if (times == 1)
            {
                _mappings.Remove(first + i);
            }
            else
            {
                _mappings[first + i] = times - 1;
            }
        }

        return HypercallResult.Ok();
    }

    public void Dispose()
    {
        foreach ((ulong reference, int times) in _mappings)
        {
            for (int i = 0; i < times; i++)
            {
                domain.Grants.Unmap(reference);
            }
        }

        _mappings.Clear();
    }
}
