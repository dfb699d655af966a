using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.StandIns.Native;

public sealed class MappingTests
{
    [Fact]
    public void Two_mappings_of_a_file_show_the_same_bytes()
    {
        using FileDescriptor file = Memfd.Create("shared", 8192, @sealed: true);
        using Mapping all = Mapping.Map(file, 0, 8192, writable: true);
        using Mapping second = Mapping.Map(file, 4096, 4096, writable: false);

        all.WriteReleaseU32(4096 + 8, 0x01020304);

        Assert.Equal(0x01020304u, second.ReadAcquireU32(8));
        Assert.Equal([4, 3, 2, 1], second.Slice(8, 4).ToArray());
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4095, 2)]
    [InlineData(-1, 1)]
    public void Bytes_outside_are_refused(long offset, int length)
    {
        using FileDescriptor file = Memfd.Create("small", 4096, @sealed: true);
        using Mapping mapping = Mapping.Map(file, 0, 4096, writable: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(offset, length).Length);
        Assert.False(mapping.Contains((ulong)offset, (ulong)length));
    }

    [Fact]
    public void A_word_that_is_not_aligned_is_refused()
    {
        using FileDescriptor file = Memfd.Create("small", 4096, @sealed: true);
        using Mapping mapping = Mapping.Map(file, 0, 4096, writable: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.ReadAcquireU16(1));
    }

    [Fact]
    public void A_sealed_file_cannot_be_shrunk_and_an_unsealed_one_can()
    {
        const int EPERM = 1;
        using FileDescriptor safe = Memfd.Create("sealed", 4096, @sealed: true);
        using FileDescriptor open = Memfd.Create("open", 4096, @sealed: false);

        Assert.Equal(EPERM, Memfd.TryResize(safe, 0));
        Assert.Equal(0, Memfd.TryResize(open, 0));
        Assert.Equal(4096, Memfd.Size(safe));
        Assert.Equal(0, Memfd.Size(open));
    }

    [Fact]
    public void A_peers_descriptor_that_cannot_be_mapped_gives_the_error()
    {
        const int ENODEV = 19;
        using EventFd counter = EventFd.Create(nonBlocking: true);
        Assert.Equal(ENODEV, Mapping.TryMap(counter.Fd, 0, 4096, writable: true, out Mapping? mapping));
        Assert.Null(mapping);
    }
}
