namespace XenDmHost.Host.GuestMemory;

/// <summary>Which guest-physical addresses are RAM.</summary>
/// <param name="banks">Address and size in bytes of each bank.</param>
internal sealed class RamMap(IEnumerable<(ulong Address, ulong Size)> banks)
{
    private readonly (ulong Address, ulong Size)[] _banks = [.. banks];

    /// <summary>Whether the whole range lies in one bank. A length of 0 or a range past the end of addresses does not.</summary>
    internal bool Contains(ulong address, ulong length)
    {
        foreach ((ulong start, ulong size) in _banks)
        {
            ulong offset = address - start;
            if (address >= start && offset < size && length - 1 < size - offset)
            {
                return true;
            }
        }

        return false;
    }
}
