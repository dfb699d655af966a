using System.Runtime.InteropServices;
using XenDmHost.Abstractions;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>The display protocol of the gpu plugin (QEMU, docs/interop/vhost-user-gpu.rst), message by message.</summary>
public sealed class GpuDisplayTests : IDisposable
{
    private const string Small = """{ "scanouts": [ { "width": 640, "height": 480 }, { "width": 320, "height": 200 } ] }""";
    private readonly IDeviceModel _model = ShippedPlugins.Describe("gpu", Small).Model;
    private readonly ISideChannelHandler _display;

    public GpuDisplayTests() => _display = ((ISideChannelDevice)_model).OpenSideChannel();

    public void Dispose() => _display.Dispose();

    [Fact]
    public void EDID_is_the_protocol_feature_and_DMABUF2_is_not()
    {
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], Ask(1));
        Assert.Null(Tell(2, 1u, 0u).Fault);
        Assert.NotNull(Tell(2, 2u, 0u).Fault);
    }

    [Fact]
    public void Displays_stand_side_by_side_and_those_that_there_are_not_are_off()
    {
        byte[] info = Ask(3);
        uint[] words = MemoryMarshal.Cast<byte, uint>(info).ToArray();
        Assert.Equal(408, info.Length);
        Assert.Equal(0x1101u, words[0]);
        Assert.Equal([0u, 0, 640, 480, 1, 0, 640, 0, 320, 200, 1, 0], words[6..18]);
        Assert.All(words[18..], word => Assert.Equal(0u, word));
    }

    [Fact]
    public void The_EDID_is_a_block_whose_bytes_add_up_to_0_and_names_the_size()
    {
        byte[] reply = Ask(11, 1u), block = reply[32..160];
        Assert.Equal(1056, reply.Length);
        Assert.Equal((0x1104u, 128u), (BitConverter.ToUInt32(reply, 0), BitConverter.ToUInt32(reply, 24)));
        Assert.Equal(0, block.Sum(part => part) % 256);
        Assert.Equal(Convert.FromHexString("00FFFFFFFFFFFF00"), block[..8]);
        Assert.Equal((320, 200), (block[56] | ((block[58] & 0xF0) << 4), block[59] | ((block[61] & 0xF0) << 4)));
    }

    [Fact]
    public void A_question_about_a_scanout_that_there_is_not_is_answered_too()
    {
        byte[] reply = Ask(11, 2u);
        Assert.Equal((1056, 0x1202u), (reply.Length, BitConverter.ToUInt32(reply, 0)));
    }

    [Fact]
    public void An_update_of_a_dmabuf_is_always_answered()
    {
        Assert.Empty(Ask(10, 0u, 0u, 0u, 1u, 1u));
        Assert.Empty(Ask(10, 99u, 0u, 0u, 1u, 1u));
        Tell(9, 0u, 0u, 0u, 64u, 64u, 64u, 64u, 256u, 0u, 0u);
        Assert.Contains("dmabuf", WhyNone(0), StringComparison.Ordinal);
    }

    [Fact]
    public void The_part_of_an_update_that_lies_inside_is_shown()
    {
        Tell(7, 0u, 2u, 2u);
        Update(0, 1, 1, 2, 2, 0x00112233, 1, 2, 3);
        Assert.Equal("000000 000000 000000 112233", Pixels(0));
        Update(0, 0xFFFF_FFFF, 0, 1, 1, 0x00445566);
        Update(7, 0, 0, 1, 1, 0x00445566);
        Assert.Equal("000000 000000 000000 112233", Pixels(0));
    }

    [Fact]
    public void The_pointer_is_drawn_with_its_alpha_and_may_hang_over_the_edge()
    {
        Tell(7, 0u, 2u, 1u);
        Update(0, 0, 0, 2, 1, 0x00FFFFFF, 0x00FFFFFF);
        uint[] image = new uint[64 * 64];
        image[^1] = 0x80400000;
        Tell(6, [0, unchecked((uint)-63), unchecked((uint)-63), 0, 0, .. image]);
        Assert.Equal("FFFFFF FFFFFF", Pixels(0));
        Assert.Equal("BF7F7F FFFFFF", Pixels(0, withPointer: true));
        Tell(5, 0u, 0u, 0u);
        Assert.Equal("FFFFFF FFFFFF", Pixels(0, withPointer: true));
    }

    [Fact]
    public void A_screen_that_is_off_keeps_what_it_showed_last()
    {
        Assert.Equal("the guest has shown nothing on it yet", WhyNone(1));
        Tell(7, 1u, 1u, 1u);
        Update(1, 0, 0, 1, 1, 0x00ABCDEF);
        Tell(7, 1u, 0u, 0u);
        Assert.True(((IPictureSource)_model).TryTakePicture(1, false, out Picture? picture, out _));
        Assert.False(picture.IsShown);
        Assert.Equal("ABCDEF", Pixels(1));
    }

    [Fact]
    public void A_picture_that_is_too_large_is_not_kept()
    {
        Tell(7, 0u, uint.MaxValue, uint.MaxValue);
        Assert.Contains("more than is kept", WhyNone(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(13u, 0)]
    [InlineData(3u, 4)]
    [InlineData(7u, 8)]
    [InlineData(8u, 16)]
    [InlineData(6u, 12)]
    [InlineData(12u, 40)]
    public void Unknown_requests_and_wrong_sizes_are_violations(uint request, int bytes) =>
        Assert.NotNull(_display.Receive(new SideChannelMessage(request, 0, new byte[bytes], new SideChannelDescriptors())).Fault);

    [Fact]
    public void An_update_whose_numbers_overflow_is_a_violation()
    {
        Assert.NotNull(Tell(8, 0u, 0u, 0u, 0x8000_0000u, 2u).Fault);
        Assert.NotNull(Tell(8, 0u, 0u, 0u, 1u, 1u).Fault);
    }

    private SideChannelOutcome Tell(uint request, params uint[] words) => _display.Receive(
        new SideChannelMessage(request, 0xBAD, MemoryMarshal.AsBytes<uint>(words), new SideChannelDescriptors()));

    private byte[] Ask(uint request, params uint[] words)
    {
        SideChannelOutcome outcome = Tell(request, words);
        Assert.Equal((true, 4u), (outcome.HasReply, outcome.Flags));
        return outcome.Payload.ToArray();
    }

    private void Update(uint scanout, uint x, uint y, uint width, uint height, params uint[] pixels) =>
        Assert.Null(Tell(8, [scanout, x, y, width, height, .. pixels]).Fault);

    private string WhyNone(int screen)
    {
        Assert.False(((IPictureSource)_model).TryTakePicture(screen, false, out _, out string why));
        return why;
    }

    private string Pixels(int screen, bool withPointer = false)
    {
        Assert.True(((IPictureSource)_model).TryTakePicture(screen, withPointer, out Picture? picture, out string why), why);
        return string.Join(' ', picture.Pixels.ToArray().Chunk(3).Select(Convert.ToHexString));
    }
}
