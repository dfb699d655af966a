using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>`demo`: one command shows the whole path, and leaves nothing behind.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Trial _trial = new();

    /// <summary>virtiofsd serves as root only.</summary>
    private static int Devices => Environment.IsPrivilegedProcess ? 8 : 7;

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void The_demo_says_in_one_line_per_device_what_held()
    {
        ProgramProcess demo = _trial.Host("demo");
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        Assert.Equal(Devices, demo.Output.All.Count);
        Assert.Collection(
            demo.Output.All.Take(7),
            disk => Assert.Matches("^ok +device 0 blk .*qemu-storage-daemon.*disk.img holds the same", disk),
            sound => Assert.Matches("^ok +device 1 snd .*stand-in.*played.pcm holds the same", sound),
            rng => Assert.Matches("^ok +device 2 rng .*stand-in.*entropy.bin holds the same", rng),
            console => Assert.Matches("^ok +device 3 console .*stand-in.*console.txt holds the same", console),
            gpio => Assert.Matches("^ok +device 4 gpio .*stand-in.*8 of 8 lines.*1 interrupt", gpio),
            scmi => Assert.Matches("^ok +device 5 scmi .*stand-in.*rust-vmm.*read the sensor", scmi),
            gpu => Assert.Matches("^ok +device 6 gpu .*vhost-user-gpu.*device6-screen0.png holds the same", gpu));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Matches("^ok +device 7 fs .*virtiofsd.*shared/written-by-the-guest holds the same", demo.Output.All[7]);
            Assert.Empty(Complaints(demo));
        }
        else
        {
            Assert.Matches("leaves the shared folder out: .* runs as root only", Assert.Single(Complaints(demo)));
        }

        AssertNothingLeft();
    }

    [Fact]
    public void Json_has_one_object_per_device_with_what_the_guest_saw()
    {
        ProgramProcess demo = _trial.Host("demo", "--json");
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        JsonObject[] devices = [.. demo.Output.All.Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(Enumerable.Range(0, Devices), devices.Select(device => device["id"]!.GetValue<int>()));
        Assert.All(devices, device => Assert.True(device["ok"]!.GetValue<bool>()));
        Assert.Equal(32768, devices[0]["guest"]!["facts"]!["capacity"]!.GetValue<int>());
        Assert.Equal(devices[0]["queueSizes"]!.ToJsonString(), devices[0]["guest"]!["facts"]!["queueSizes"]!.ToJsonString());
        Assert.Equal(2, devices[1]["guest"]!["facts"]!["streams"]!.GetValue<int>());
    }

    [Fact]
    public void Where_the_daemon_is_missing_a_stand_in_serves_and_is_marked_and_a_line_says_what_to_install()
    {
        ProgramProcess demo = _trial.Start("demo", Programs.Host, ["demo"], path: _trial.PathOf("empty"));
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        Assert.Matches("^ok +device 0 blk .*stand-in for qemu-storage-daemon", demo.Output.All[0]);
        Assert.Contains("apt-get install --no-install-recommends qemu-system-common", Complaints(demo).First(), StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public void A_file_of_the_users_own_is_served()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StorageDaemon("disk.img"))]));
        ProgramProcess demo = _trial.Host("demo", "--file", file);
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        Assert.Matches("^ok +device 0 blk", Assert.Single(demo.Output.All));
        AssertNothingLeft();
    }

    /// <summary>Who is not root may write to no folder of hosts, and other hosts are none of its business; here not even root may.</summary>
    [Fact]
    public void It_leaves_the_runtime_folder_alone()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StorageDaemon("disk.img"))]));
        ProgramProcess demo = _trial.Host("demo", "--file", file, "--runtime", "/proc/xendmhost");
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        Assert.Empty(Complaints(demo));
    }

    [Fact]
    public void A_device_whose_back_end_refuses_fails_alone_and_the_exit_code_tells()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--fault", "refuse-nack=SET_VRING_ADDR")),
            GuestFiles.Sound(1, GuestFiles.StandIn("snd")),
        ]));
        ProgramProcess demo = _trial.Host("demo", "--file", file);
        Assert.Equal(1, demo.WaitForExit());
        Assert.Matches("^FAILED device 0 blk", demo.Output.All[0]);
        Assert.Matches("^ok +device 1 snd", demo.Output.All[1]);
        demo.Errors.Expect("SET_VRING_ADDR");
        AssertNothingLeft();
    }

    [Fact]
    public void A_daemon_that_cannot_be_started_fails_its_device_when_the_guest_has_waited_long_enough()
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, ["/no/such/daemon", "{socket}"])]));
        ProgramProcess demo = _trial.Host("demo", "--file", file, "--wait", "5");
        Assert.Equal(1, demo.WaitForExit());
        Assert.Matches("^FAILED device 0 blk .*DeviceID is 0", Assert.Single(demo.Output.All));
        demo.Errors.Expect("/no/such/daemon", "not found");
        AssertNothingLeft();
    }

    [Fact]
    public void A_file_for_Xen_is_refused()
    {
        string file = _trial.Write("guest.json", """{ "guest": "work", "devices": [ { "plugin": "snd", "id": 0, "backEnd": { "socket": "s" } } ] }""");
        ProgramProcess demo = _trial.Host("demo", "--file", file);
        Assert.Equal(2, demo.WaitForExit());
        Assert.Equal($"{file}:1: $.platform: the demo serves simulated guests; write \"simulated\"", Assert.Single(demo.Errors.All));
        Assert.Empty(demo.Output.All);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("started qemu-storage-daemon")]
    [InlineData("rings started")]
    public void Interrupted_in_the_middle_it_leaves_nothing_behind(string moment)
    {
        _trial.CreateImage("disk.img");
        string[] slow = GuestFiles.StorageDaemon("disk.img", bytesPerSecond: 100_000);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, slow), GuestFiles.Sound(1, GuestFiles.StandIn("snd"))]));
        ProgramProcess demo = _trial.Host("demo", "--file", file, "--log-level", "information");
        demo.Errors.Expect(moment);
        demo.Signal("INT");
        Assert.Equal(1, demo.WaitForExit());
        AssertNothingLeft();
    }

    /// <summary>What a machine that is not busy with other things would show: on one that is, a daemon takes its time.</summary>
    private static IEnumerable<string> Complaints(ProgramProcess demo) =>
        demo.Errors.All.Where(line => !line.Contains("waiting for the back-end", StringComparison.Ordinal));

    private void AssertNothingLeft()
    {
        Assert.Empty(_trial.LivingProcesses());
        Assert.Empty(Directory.GetFileSystemEntries(_trial.Temporary));
    }
}
