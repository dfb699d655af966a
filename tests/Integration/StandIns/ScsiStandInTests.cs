namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The stand-in for vhost-device-scsi: one disk, and what is said of all that is not there.</summary>
public sealed class ScsiStandInTests : IDisposable
{
    private const int RequestQueue = 2, ResponseSize = 108, SenseKey = 12 + 2, SenseCode = 12 + 12;
    private const byte Good = 0, CheckCondition = 2, IllegalRequest = 5, DataProtect = 7, BadTarget = 3, Failure = 9;

    private readonly TestFile _image = new(new byte[64 * 512]);

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_and_lies_in_the_file(bool xen)
    {
        using StandInScene scene = Scene(xen);
        byte[] block = [.. Enumerable.Range(0, 512).Select(i => (byte)i)];
        Assert.Equal((Good, 0), StatusOf(Ask(scene, [0x2a, 0, 0, 0, 0, 3, 0, 0, 1, 0], data: block)));
        byte[] answer = Ask(scene, [0x28, 0, 0, 0, 0, 3, 0, 0, 1, 0], room: 512);
        Assert.Equal((Good, 0), StatusOf(answer));
        Assert.Equal(block, answer[ResponseSize..]);
        Assert.Equal(block, File.ReadAllBytes(_image.Path)[(3 * 512)..(4 * 512)]);
    }

    [Fact]
    public void It_says_that_it_is_a_disk_and_how_large()
    {
        using StandInScene scene = Scene(xen: true);
        Assert.Equal((Good, 0), StatusOf(Ask(scene, [0, 0, 0, 0, 0, 0])));
        byte[] inquiry = Ask(scene, [0x12, 0, 0, 0, 36, 0], room: 36);
        Assert.Equal((36 + ResponseSize, 0), (inquiry.Length, inquiry[ResponseSize]));
        Assert.Equal([0, 0, 0, 63, 0, 0, 2, 0], Ask(scene, [0x25, .. new byte[9]], room: 8)[ResponseSize..]);
    }

    [Theory]
    [InlineData("28 00 00 00 00 3f 00 00 02 00", 0x21)]
    [InlineData("2a 00 00 00 00 40 00 00 01 00", 0x21)]
    [InlineData("12 01 83 00 ff 00", 0x24)]
    [InlineData("ff 00 00 00 00 00", 0x20)]
    public void An_impossible_command_is_an_illegal_request(string command, byte code)
    {
        using StandInScene scene = Scene(xen: true);
        byte[] answer = Ask(scene, Convert.FromHexString(command.Replace(" ", "", StringComparison.Ordinal)), room: 1024);
        Assert.Equal((CheckCondition, 0), StatusOf(answer));
        Assert.Equal((IllegalRequest, code), (answer[SenseKey], answer[SenseCode]));
    }

    [Fact]
    public void Another_target_another_unit_and_another_kind_of_address_are_refused_each_in_its_way()
    {
        using StandInScene scene = Scene(xen: true);
        Assert.Equal(BadTarget, Ask(scene, [0, 0, 0, 0, 0, 0], unit: [1, 1, 0x40, 0])[11]);
        byte[] answer = Ask(scene, [0, 0, 0, 0, 0, 0], unit: [1, 0, 0x40, 1]);
        Assert.Equal((CheckCondition, IllegalRequest, 0x25), (answer[10], answer[SenseKey], answer[SenseCode]));
        Assert.Equal(0x7f, Ask(scene, [0x12, 0, 0, 0, 36, 0], room: 36, unit: [1, 0, 0x40, 1])[ResponseSize]);
        Assert.Equal(Failure, Ask(scene, [0, 0, 0, 0, 0, 0], unit: [0xc1, 1, 0, 0])[11]);
    }

    [Fact]
    public void A_disk_that_is_not_to_be_written_says_so()
    {
        using StandInScene scene = new(xen: true, 3, "scsi", "--image", _image.Path, "--read-only");
        byte[] answer = Ask(scene, [0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0], data: new byte[512]);
        Assert.Equal((CheckCondition, DataProtect), (answer[10], answer[SenseKey]));
    }

    [Fact]
    public void A_write_to_the_config_ends_the_process_as_it_ends_the_original()
    {
        using StandInScene scene = Scene(xen: true);
        scene.Client.RefusedByTheEnd(Wire.SetConfig, Wire.Config(20, 4, 96, 0, 0, 0));
        Assert.True(scene.Process.WaitForExit());
    }

    [Fact]
    public void A_request_without_room_for_its_response_breaks_the_ring()
    {
        using StandInScene scene = Scene(xen: true);
        scene.BreaksItsRing(RequestQueue, (TestGuest.Base + 0x10000, 51, false), (TestGuest.Base + 0x11000, 107, true));
    }

    private StandInScene Scene(bool xen) => new(xen, 3, "scsi", "--image", _image.Path);

    private static (byte Status, int Response) StatusOf(byte[] answer) => (answer[10], answer[11]);

    private static byte[] Ask(StandInScene scene, byte[] command, byte[]? data = null, int room = 0, byte[]? unit = null)
    {
        byte[] request = new byte[51 + (data?.Length ?? 0)];
        (unit ?? [1, 0, 0x40, 0]).CopyTo(request, 0);
        command.CopyTo(request, 19);
        data?.CopyTo(request, 51);
        return scene.Ask(RequestQueue, request, ResponseSize + room);
    }
}
