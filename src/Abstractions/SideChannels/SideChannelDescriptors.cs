using Microsoft.Win32.SafeHandles;

namespace XenDmHost.Abstractions;

/// <summary>
/// The file descriptors that came with a message. They belong to this object until one is taken; the rest is closed with it.
/// </summary>
public sealed class SideChannelDescriptors : IDisposable
{
    private readonly SafeFileHandle?[] _handles;

    /// <summary>Takes over descriptors.</summary>
    /// <param name="handles">Their owners, in the order in which they came.</param>
    public SideChannelDescriptors(params IEnumerable<SafeFileHandle> handles) => _handles = [.. handles];

    /// <summary>How many came, whether taken or not.</summary>
    public int Count => _handles.Length;

    /// <summary>Takes one: it belongs to the caller from here on.</summary>
    /// <param name="index">Its place, 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such descriptor.</exception>
    /// <exception cref="InvalidOperationException">It was taken or closed before.</exception>
    public SafeFileHandle Take(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _handles.Length);
        SafeFileHandle handle = _handles[index] ?? throw new InvalidOperationException($"descriptor {index} was taken before");
        _handles[index] = null;
        return handle;
    }

    /// <summary>Closes those that nobody took.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _handles.Length; i++)
        {
            _handles[i]?.Dispose();
            _handles[i] = null;
        }
    }
}
