using System.Globalization;

namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>Commands that are refused; the resource 1 of 64 x 64 pixels is there.</summary>
public abstract partial class GpuRules
{
    [Theory]
    [InlineData(InvalidResource, Create, "0 2 64 64")]
    [InlineData(InvalidResource, Create, "1 2 64 64")]
    [InlineData(InvalidParameter, Create, "2 999 64 64")]
    [InlineData(InvalidResource, Unref, "5 0")]
    [InlineData(InvalidScanout, SetScanout, "0 0 64 64 16 1")]
    [InlineData(InvalidResource, SetScanout, "0 0 64 64 0 5")]
    [InlineData(InvalidParameter, SetScanout, "0 0 65 64 0 1")]
    [InlineData(InvalidParameter, SetScanout, "4294967295 0 64 64 0 1")]
    [InlineData(InvalidResource, Flush, "0 0 64 64 5 0")]
    [InlineData(InvalidParameter, Flush, "1 0 64 64 1 0")]
    [InlineData(InvalidParameter, Flush, "0 4294967295 64 2 1 0")]
    [InlineData(InvalidResource, Transfer, "0 0 64 64 0 0 5 0")]
    [InlineData(InvalidParameter, Transfer, "0 1 64 64 0 0 1 0")]
    [InlineData(InvalidResource, Attach, "5 1 1074266112 0 4096 0")]
    [InlineData(Unspecified, Attach, "3 1 4096 0 4096 0")]
    [InlineData(Unspecified, Attach, "3 20000 1074266112 0 4096 0")]
    [InlineData(InvalidResource, Detach, "5 0")]
    [InlineData(InvalidResource, Detach, "3 0")]
    [InlineData(InvalidResource, Transfer, "0 0 64 64 0 0 3 0")]
    [InlineData(Unspecified, 0x1ffu, "0 0")]
    [InlineData(Unspecified, 0x200u, "0 0")]
    public void A_command_that_makes_no_sense_is_refused_and_the_next_one_is_served(uint error, uint command, string body)
    {
        using GpuScene scene = Scene();
        scene.CreateWithBacking(1, 64, 64);
        Assert.Equal(Ok, scene.Do(Create, 3, 2, 64, 64));
        Assert.Equal(error, scene.Do(command, [.. body.Split(' ').Select(word => uint.Parse(word, CultureInfo.InvariantCulture))]));
        Assert.Equal(Ok, scene.Do(Transfer, 0, 0, 64, 64, 0, 0, 1, 0));
    }

    [Fact]
    public void A_structure_that_is_cut_short_does_nothing_and_succeeds()
    {
        using GpuScene scene = Scene();
        Assert.Equal(Ok, scene.Do(Create, 1, 2));
        Assert.Equal(InvalidResource, scene.Do(Unref, 1, 0));
    }

    [Fact]
    public void A_flush_of_what_no_scanout_shows_is_told_to_nobody()
    {
        using GpuScene scene = Scene();
        scene.CreateWithBacking(1, 64, 64);
        Assert.Equal(Ok, scene.Do(Flush, 0, 0, 64, 64, 1, 0));
        scene.Do(SetScanout, 0, 0, 64, 64, 0, 1);
        scene.Peer.Expect(GpuPeer.Scanout);
    }

    [Fact]
    public void An_answer_without_room_is_cut_off()
    {
        using GpuScene scene = Scene();
        scene.Submit(Create, GpuPeer.Words(1, 2, 64, 64), room: 16);
        byte[] answer = scene.Completed();
        Assert.Equal(GpuPeer.Words(Ok, 1, 7, 0), answer);
    }
}
