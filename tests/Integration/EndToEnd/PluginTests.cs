using System.Text.Json.Nodes;
using XenDmHost.IntegrationTests.Plugins;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>What a device is, is decided by plugin folders and guest files; the host stays as it was built.</summary>
[Collection(OutsidePlugin.Collection)]
public sealed class PluginTests(OutsidePlugin outside) : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_plugin_from_outside_dropped_into_a_folder_serves_a_device()
    {
        _trial.CreateImage("disk.img");
        string text = GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/disk.img"))]);
        string file = _trial.Write("guest.json", text
            .Replace("\"plugin\": \"generic\"", $"\"plugin\": \"{OutsidePlugin.Name}\"", StringComparison.Ordinal)
            .Replace("\"profile\": \"blk\", \"queues\": 1", "\"entries\": 16", StringComparison.Ordinal));

        ProgramProcess without = _trial.Host("check", file);
        Assert.Equal(2, without.WaitForExit());
        without.Errors.Expect("$.devices[0].plugin", OutsidePlugin.Name);

        ProgramProcess demo = _trial.Host("demo", "--file", file, "--json", "--plugins", outside.PluginFolder);
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        JsonNode device = JsonNode.Parse(Assert.Single(demo.Output.All))!;
        Assert.Equal($"{OutsidePlugin.Name} 1.0.0", device["plugin"]!.GetValue<string>());
        Assert.Equal("[16]", device["guest"]!["facts"]!["queueSizes"]!.ToJsonString());
    }

    [Fact]
    public void An_edit_of_the_guest_file_makes_a_disk_a_sound_card_in_the_next_run()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/disk.img"))]));
        Assert.Equal("blk", DriverOf(file));
        _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, GuestFiles.StandIn("snd"))]));
        Assert.Equal("snd", DriverOf(file));
    }

    private string DriverOf(string file)
    {
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);
        return guest.Report()["driver"]!.GetValue<string>();
    }
}
