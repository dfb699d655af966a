using System.Buffers.Binary;

namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>
/// What QEMU's vhost-user-gpu does with 2D commands, right and wrong, and what it says on the GPU socket. The back-end comes
/// from the derived class, so that the stand-in and the real daemon are held to the same rows.
/// </summary>
public abstract partial class GpuRules(IGpuBackEnd backEnd)
{
    private protected const uint Ok = GpuScene.OkNoData, Unspecified = 0x1200, InvalidScanout = 0x1202, InvalidResource = 0x1203, InvalidParameter = 0x1205;
    private protected const uint Create = 0x101, Unref = 0x102, SetScanout = 0x103, Flush = 0x104, Transfer = 0x105, Attach = 0x106,
        Detach = 0x107, EdidCommand = 0x10a, UpdateCursor = 0x300, MoveCursor = 0x301;

    private protected IGpuBackEnd BackEnd => backEnd;

    private protected GpuScene Scene() => new GpuScene(backEnd).Agreed();

    private protected static byte[] Pixels(uint width, uint height)
    {
        byte[] pixels = new byte[width * height * 4];
        new Random(5).NextBytes(pixels);
        return pixels;
    }

    /// <summary>A rectangle of a picture without gaps, by a way of its own.</summary>
    private static byte[] Cut(byte[] pixels, uint stride, uint x, uint y, uint width, uint height) =>
        [.. Enumerable.Range((int)y, (int)height).SelectMany(row => pixels.Skip((int)(((row * stride) + x) * 4)).Take((int)width * 4))];

    [Fact]
    public void The_config_has_16_bytes_all_zero()
    {
        using GpuScene scene = Scene();
        Assert.Equal(new byte[16], scene.Client.Ask(Wire.GetConfig, Wire.Config(0, 16)).Payload[12..]);
    }

    [Fact]
    public void It_asks_for_the_protocol_features_as_soon_as_it_has_the_socket_and_sets_its_own()
    {
        using GpuScene scene = new(backEnd);
        Assert.Empty(scene.Peer.Expect(GpuPeer.GetProtocolFeatures));
        scene.Peer.Answer(GpuPeer.GetProtocolFeatures, Wire.U64(0));
        Assert.Equal(Wire.U64(0), scene.Peer.Expect(GpuPeer.SetProtocolFeatures));
    }

    [Fact]
    public void A_command_waits_until_the_protocol_features_are_agreed_on()
    {
        using GpuScene scene = new(backEnd);
        scene.Peer.Expect(GpuPeer.GetProtocolFeatures);
        scene.Submit(Create, GpuPeer.Words(1, 2, 32, 32));
        // The answer comes by another way than the kick, which is taken and forgotten.
        scene.Client.Ask(Wire.GetFeatures);
        Assert.Equal(0, scene.ControlUsed);
        scene.Peer.Answer(GpuPeer.GetProtocolFeatures, Wire.U64(0));
        Assert.Equal(GpuPeer.Words(Ok), scene.Completed()[..4]);
    }

    [Fact]
    public void The_front_ends_display_info_reaches_the_driver_with_the_drivers_fence()
    {
        using GpuScene scene = Scene();
        byte[] info = [.. GpuPeer.Words(GpuScene.OkDisplayInfo, 0, 0, 0, 0, 0), .. GpuPeer.Words(0, 0, 800, 600, 1, 0), .. new byte[360]];
        scene.Submit(0x100, []);
        Assert.Empty(scene.Peer.Expect(GpuPeer.GetDisplayInfo));
        Assert.Equal(0, scene.ControlUsed);
        scene.Peer.Answer(GpuPeer.GetDisplayInfo, info);
        byte[] answer = scene.Completed();
        Assert.Equal(408, answer.Length);
        Assert.Equal(GpuPeer.Words(GpuScene.OkDisplayInfo), answer[..4]);
        Assert.Equal(info[24..], answer[24..]);
    }

    [Fact]
    public void A_picture_that_is_transferred_and_flushed_is_told_pixel_by_pixel()
    {
        using GpuScene scene = Scene();
        byte[] pixels = Pixels(100, 50);
        scene.CreateWithBacking(1, 100, 50);
        scene.WriteBacking(100 * 50 * 4, pixels);
        Assert.Equal(Ok, scene.Do(SetScanout, 0, 0, 100, 50, 0, 1));
        Assert.Equal(GpuPeer.Words(0, 100, 50), scene.Peer.Expect(GpuPeer.Scanout));
        Assert.Equal(Ok, scene.Do(Transfer, 0, 0, 100, 50, 0, 0, 1, 0));
        Assert.Equal(Ok, scene.Do(Flush, 0, 0, 100, 50, 1, 0));
        byte[] update = scene.Peer.Expect(GpuPeer.Update);
        Assert.Equal(GpuPeer.Words(0, 0, 0, 100, 50), update[..20]);
        Assert.Equal(pixels, update[20..]);
    }

    [Fact]
    public void A_part_of_a_picture_is_transferred_from_its_offset_and_told_alone()
    {
        using GpuScene scene = Scene();
        byte[] pixels = Pixels(100, 50);
        scene.CreateWithBacking(1, 100, 50);
        scene.WriteBacking(100 * 50 * 4, pixels);
        scene.Do(SetScanout, 0, 0, 100, 50, 0, 1);
        scene.Peer.Expect(GpuPeer.Scanout);
        Assert.Equal(Ok, scene.Do(Transfer, 10, 20, 30, 5, ((20 * 100) + 10) * 4, 0, 1, 0));
        Assert.Equal(Ok, scene.Do(Flush, 9, 20, 31, 5, 1, 0));
        byte[] update = scene.Peer.Expect(GpuPeer.Update);
        Assert.Equal(GpuPeer.Words(0, 9, 20, 31, 5), update[..20]);
        byte[] seen = new byte[pixels.Length];
        for (uint y = 20; y < 25; y++) Cut(pixels, 100, 10, y, 30, 1).CopyTo(seen, ((y * 100) + 10) * 4);
        Assert.Equal(Cut(seen, 100, 9, 20, 31, 5), update[20..]);
    }

    [Fact]
    public void A_scanout_that_shows_nothing_more_is_told_as_0_by_0()
    {
        using GpuScene scene = Scene();
        scene.CreateWithBacking(1, 64, 64);
        scene.Do(SetScanout, 0, 0, 64, 64, 3, 1);
        Assert.Equal(GpuPeer.Words(3, 64, 64), scene.Peer.Expect(GpuPeer.Scanout));
        Assert.Equal(Ok, scene.Do(SetScanout, 0, 0, 0, 0, 3, 0));
        Assert.Equal(GpuPeer.Words(3, 0, 0), scene.Peer.Expect(GpuPeer.Scanout));
        scene.Do(SetScanout, 0, 0, 64, 64, 2, 1);
        scene.Peer.Expect(GpuPeer.Scanout);
        Assert.Equal(Ok, scene.Do(Unref, 1, 0));
        Assert.Equal(GpuPeer.Words(2, 0, 0), scene.Peer.Expect(GpuPeer.Scanout));
    }

    [Fact]
    public void A_cursor_is_told_with_its_image_and_then_by_its_position()
    {
        using GpuScene scene = Scene();
        byte[] image = Pixels(64, 64);
        scene.CreateWithBacking(9, 64, 64, format: 1);
        scene.WriteBacking(64 * 64 * 4, image);
        Assert.Equal(Ok, scene.Do(Transfer, 0, 0, 64, 64, 0, 0, 9, 0));
        scene.Cursor(UpdateCursor, 0, 11, 12, 0, 9, 3, 4, 0);
        byte[] update = scene.Peer.Expect(GpuPeer.CursorUpdate);
        Assert.Equal(GpuPeer.Words(0, 11, 12, 3, 4), update[..20]);
        Assert.Equal(image, update[20..]);
        scene.Cursor(MoveCursor, 0, 21, 22, 0, 9, 3, 4, 0);
        Assert.Equal(GpuPeer.Words(0, 21, 22), scene.Peer.Expect(GpuPeer.CursorPos));
        scene.Cursor(MoveCursor, 0, 31, 32, 0, 0, 0, 0, 0);
        Assert.Equal(GpuPeer.Words(0, 31, 32), scene.Peer.Expect(GpuPeer.CursorPosHide));
    }

    [Fact]
    public void A_cursor_without_a_resource_has_an_image_of_nothing()
    {
        using GpuScene scene = Scene();
        scene.Cursor(UpdateCursor, 0, 1, 2, 0, 77, 0, 0, 0);
        Assert.Equal(new byte[64 * 64 * 4], scene.Peer.Expect(GpuPeer.CursorUpdate)[20..]);
    }

    [Fact]
    public void Without_the_socket_display_info_is_never_answered_and_the_ring_can_still_be_stopped()
    {
        using GpuScene scene = new(backEnd, withSocket: false);
        scene.Submit(0x100, []);
        scene.Client.Ask(Wire.GetFeatures);
        byte[] answer = scene.Client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload;
        Assert.True(BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(4)) <= 1);
        Assert.Equal(0, scene.ControlUsed);
    }
}
