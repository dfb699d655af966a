namespace XenDmHost.IntegrationTests.StandIns;

public sealed class RngStandInTests
{
    private const ulong At = TestGuest.Base + 0x10000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_buffer_is_filled_with_the_sources_next_bytes_over_and_over(bool xen)
    {
        using TestFile source = new([1, 2, 3, 4, 5, 6, 7]);
        using StandInScene scene = new(xen, 1, "rng", "--source", source.Path, "--record", "{dir}/given");
        Assert.Equal([1, 2, 3, 4], scene.Ask(0, [], 4));
        Assert.Equal([5, 6, 7, 1, 2, 3, 4, 5, 6, 7], scene.Ask(0, [], 10));
        Assert.Equal(14, File.ReadAllBytes(Path.Combine(scene.Process.Folder, "given")).Length);
    }

    [Fact]
    public void Bytes_come_from_the_kernel_unless_told_otherwise()
    {
        using StandInScene scene = new(xen: true, 1, "rng");
        Assert.NotEqual(scene.Ask(0, [], 64), scene.Ask(0, [], 64));
    }

    [Fact]
    public void A_readable_buffer_breaks_the_ring()
    {
        using StandInScene scene = new(xen: true, 1, "rng");
        scene.BreaksItsRing(0, (At, 64, false));
    }

    /// <summary>As vhost-device-rng, which takes one descriptor a request.</summary>
    [Fact]
    public void Two_buffers_in_one_request_break_the_ring()
    {
        using StandInScene scene = new(xen: true, 1, "rng");
        scene.BreaksItsRing(0, (At, 64, true), (At + 64, 64, true));
    }
}
