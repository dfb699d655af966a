namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>The device-writable part of a chain, as one run of bytes.</summary>
internal sealed class FakeWritable(FakeRam ram)
{
    private readonly List<(ulong Address, int Length)> _parts = [];

    internal int Length => _parts.Sum(part => part.Length);

    internal void Add(ulong address, int length) => _parts.Add((address, length));

    internal void Write(int offset, ReadOnlySpan<byte> data)
    {
        foreach (var (address, length) in _parts)
        {
            var take = Math.Clamp(length - offset, 0, data.Length);
            if (take > 0)
            {
                data[..take].CopyTo(ram.Slice(address + (ulong)offset, take));
                data = data[take..];
            }

            offset = Math.Max(0, offset - length);
        }
    }
}
