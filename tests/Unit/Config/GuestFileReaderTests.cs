using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.UnitTests.Config;

public sealed class GuestFileReaderTests
{
    [Fact]
    public void The_guest_and_its_platform_are_bound()
    {
        GuestFile file = Guests.Parse(Guests.Full);
        Assert.Equal(("work", GuestPlatform.Simulated), (file.Guest, file.Platform));
        Assert.Equal(("/srv/guests/work.json", "/srv/guests"), (file.Path, file.Directory));
        Assert.Equal("/srv/guests/sim", file.SimulationDirectory);
        Assert.Equal(["snd", "blk"], file.Devices.Select(device => device.Plugin));
    }

    [Fact]
    public void Every_key_of_a_device_is_bound()
    {
        DeviceEntry device = Guests.Parse(Guests.Full).Devices[0];
        Assert.Equal(("snd", "1.2.0", 3), (device.Plugin, device.Version, device.Id));
        Assert.Equal(("0", false, RestartPolicy.Never), (device.Settings.BackEnd.SocketSuffix, device.Settings.BackEnd.Listen, device.Settings.BackEnd.Restart));
        Assert.Equal(64, device.Settings.Queues.Size);
        Assert.Equal(new Dictionary<string, int> { ["event"] = 128 }, device.Settings.Queues.Sizes);
        Assert.Equal((0x02000000ul, 33, 10_000), (device.Settings.Transport.BaseAddress!.Value, device.Settings.Transport.Irq!.Value, device.Settings.Transport.WaitForBackEndMs));
        Assert.Equal(new Dictionary<string, bool> { ["slow-start"] = true }, device.Settings.Quirks);
    }

    [Fact]
    public void Options_are_read_with_keys_relative_to_them()
    {
        DeviceEntry device = Guests.Parse(Guests.Full).Devices[0];
        Assert.Equal(("48000", "b"), (device.Options["rate"], device.Options["streams:1:name"]));
        Assert.Empty(Guests.Parse(Guests.Full).Devices[1].Options.GetChildren());
    }

    [Fact]
    public void Keys_that_are_left_out_have_their_defaults()
    {
        GuestFile file = Guests.Parse(Errors.Device(""));
        DeviceSettings device = file.Devices[0].Settings;
        Assert.Equal((GuestPlatform.Xen, null), (file.Platform, file.SimulationDirectory));
        Assert.Equal((false, RestartPolicy.Always, ""), (device.BackEnd.Listen, device.BackEnd.Restart, device.BackEnd.SocketSuffix));
        Assert.Equal((null, null, null, 0), (device.Version, device.Transport.BaseAddress, device.Transport.Irq, device.Transport.WaitForBackEndMs));
        Assert.Null(device.Queues.Size);
        Assert.Empty(device.BackEnd.Launch);
        Assert.Empty(device.Queues.Sizes);
        Assert.Empty(device.Quirks);
    }

    [Fact]
    public void Placeholders_and_relative_paths_are_filled_in_once_the_domid_is_known()
    {
        GuestFile file = Guests.Parse(Guests.Full);
        BackEndAddress snd = file.Devices[0].ResolveBackEnd(5);
        Assert.Equal("/srv/guests/work-3.sock0", snd.Socket);
        Assert.Equal(["/srv/guests/be", "--socket", "/srv/guests/work-3.sock", "--json", "{\"a\":1}", ""], snd.Launch);
        Assert.Equal("/run/d5/blk.sock", file.Devices[1].ResolveBackEnd(5).Socket);
    }

    [Fact]
    public void A_command_without_a_slash_is_left_to_PATH()
    {
        string json = """{ "guest": "g", "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "s", "launch": ["be"] } } ] }""";
        Assert.Equal(["be"], Guests.Parse(json).Devices[0].ResolveBackEnd(1).Launch);
    }

    [Fact]
    public void A_placeholder_within_a_filled_in_value_is_not_filled_in()
    {
        string json = """{ "guest": "{id}", "devices": [ { "plugin": "p", "id": 4, "backEnd": { "socket": "/run/{guest}" } } ] }""";
        Assert.Equal("/run/{id}", Guests.Parse(json).Devices[0].ResolveBackEnd(1).Socket);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        byte[] file = [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Guests.Full)];
        (GuestFile? read, IReadOnlyList<ConfigError> errors) = GuestFileReader.Parse("work.json", file, _ => true);
        Assert.Equal("", Errors.Join(errors));
        Assert.Equal("work", read!.Guest);
    }

    [Fact]
    public void A_file_with_an_error_gives_no_guest()
    {
        (GuestFile? file, IReadOnlyList<ConfigError> errors) = GuestFileReader.Parse("work.json", "{}"u8.ToArray(), _ => true);
        Assert.Null(file);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void All_errors_are_reported_in_the_order_of_their_lines()
    {
        string json = """
            { "devices": [
              { "plugin": "snd", "id": -99,
                "backEnd": {} } ],
              "platform": "xen4"
            }
            """;
        Assert.Equal(
            """
            work.json:1: $: required key 'guest' is missing
            work.json:2: $.devices[0].id: expected an integer from 0 to 536870911, found the number -99
            work.json:3: $.devices[0].backEnd: required key 'socket' is missing
            work.json:4: $.platform: expected "xen" or "simulated", found the string "xen4"
            """,
            Errors.Of(json));
    }

    [Fact]
    public void Errors_beyond_the_hundredth_are_only_counted()
    {
        string json = $$"""{ "guest": "g", "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "/s", "launch": [{{string.Join(',', Enumerable.Repeat("1", 102))}}] } } ] }""";
        string[] lines = Errors.Of(json).Split('\n');
        Assert.Equal(101, lines.Length);
        Assert.Equal("work.json: 2 more errors are not shown", lines[100]);
    }

    [Fact]
    public void A_file_on_disk_is_read_and_the_folders_of_its_sockets_are_looked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("work.json", """
            { "guest": "work", "devices": [
              { "plugin": "a", "id": 0, "backEnd": { "socket": "{dir}/a.sock" } },
              { "plugin": "b", "id": 1, "backEnd": { "socket": "run/b.sock" } } ] }
            """);
        Assert.Equal(
            $"{path}:3: $.devices[1].backEnd.socket: the folder '{folder.Path}/run' does not exist; create it or name another",
            Errors.Join(GuestFileReader.Read(path).Errors));

        Directory.CreateDirectory($"{folder.Path}/run");
        Assert.Empty(GuestFileReader.Read(path).Errors);
    }
}
