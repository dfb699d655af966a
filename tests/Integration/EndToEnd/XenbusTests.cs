namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Guests that find their devices on xenbus, as on x86: attached by the host itself or by hand, rebound, detached, rebooted.</summary>
public sealed class XenbusTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void Run_attaches_the_devices_by_itself_and_drivers_may_be_unbound_and_bound_again()
    {
        string file = DiskAndSound(attach: true);
        Simulation guest = new(_trial, ["--xenbus", "--rebinds", "3"], devices: 2);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        for (int run = 1; run <= 4; run++)
        {
            Assert.True(guest.Facts(0, run)["interrupts"]!.GetValue<long>() > 0);
            guest.Facts(1, run);
        }

        Assert.Equal("0xfd000000", guest.Report(0)["base"]!.GetValue<string>());
        Assert.Equal("0xfd001000", guest.Report(1)["base"]!.GetValue<string>());
        IReadOnlyList<string> log = Trial.End(host);
        Assert.Equal(4, log.Count(line => line.Contains("device 0: the guest's driver is connected by event channel", StringComparison.Ordinal)));

        // The store goes with the simulation: the host may hear of that before it has heard of the last one.
        Assert.InRange(log.Count(line => line.Contains("device 1: the guest's driver has let go", StringComparison.Ordinal)), 3, 4);
    }

    [Fact]
    public void A_device_is_attached_by_hand_while_the_guest_runs_detached_and_attached_again()
    {
        string file = DiskAndSound(attach: false);
        Simulation guest = new(_trial, ["--xenbus", "--wait"], devices: 2);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("device 1: waiting for its node");
        Assert.Contains("device 1: attached to domain 1 at 0xfd000000", Command(0, "attach", file, "--device", "1"), StringComparison.Ordinal);
        guest.Facts(1);
        Assert.Contains("device 1 is not attached: ", Command(1, "attach", file, "--device", "1"), StringComparison.Ordinal);
        Assert.Contains("device 0: attached to domain 1 at 0xfd001000", Command(0, "attach", file, "--device", "0"), StringComparison.Ordinal);
        guest.Facts(0);

        string detached = Command(0, "detach", file, "--device", "1", "--timeout", "60");
        Assert.Contains("device 1: detached from domain 1", detached, StringComparison.Ordinal);
        Assert.DoesNotContain("nevertheless", detached, StringComparison.Ordinal);
        host.Errors.Expect("device 1: removed by the toolstack");
        Assert.Contains("is not attached: there is no ", Command(1, "detach", file, "--device", "1"), StringComparison.Ordinal);

        Command(0, "attach", file, "--device", "1");
        guest.Facts(1, run: 2);
        guest.Process.Signal("TERM");
        guest.Finish();
        Trial.End(host);
    }

    [Fact]
    public void A_device_is_attached_before_there_is_a_host_and_the_guest_waits_for_one()
    {
        string file = DiskAndSound(attach: false);
        Simulation guest = new(_trial, ["--xenbus"], devices: 2);
        guest.Process.Errors.Expect("looks for its");
        Command(0, "attach", file);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        guest.Facts(0);
        guest.Facts(1);
        Trial.End(host);
    }

    [Fact]
    public void A_killed_hosts_successor_takes_the_nodes_and_event_channels_over()
    {
        string file = DiskAndSound(attach: true);
        Simulation guest = new(_trial, ["--xenbus", "--wait"], devices: 2);
        ProgramProcess first = _trial.Run(file);
        guest.Facts(0);
        guest.Facts(1);
        first.Kill();
        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("adopted domain 1");
        second.Errors.Expect("rings resumed");
        second.Errors.Expect("rings resumed");
        guest.Process.Signal("TERM");
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(second);
        Assert.DoesNotContain(log, line => line.Contains("attached to domain", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.Contains("needs a reset", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rebooted_guest_gets_its_devices_again_under_its_new_domain_id()
    {
        string uuid = Guid.NewGuid().ToString("D");
        string file = DiskAndSound(attach: true);
        ProgramProcess host = _trial.Run(file);
        foreach (string domid in (string[])["4", "5", "6"])
        {
            Simulation guest = new(_trial, ["--xenbus", "--domid", domid, "--uuid", uuid], devices: 2);
            host.Errors.Expect($"device 1: attached to domain {domid}");
            guest.Finish();
            guest.Facts(0);
            guest.Facts(1);
        }

        Trial.End(host);
    }

    [Fact]
    public void Attaching_to_a_guest_that_is_not_there_says_what_to_do()
    {
        string file = DiskAndSound(attach: false);
        Simulation guest = new(_trial, ["--xenbus", "--wait", "--domid", "7"]);
        guest.Process.Errors.Expect("looks for its");
        string other = _trial.Write("other.json", File.ReadAllText(file).Replace("\"guest\": \"trial\"", "\"guest\": \"other\"", StringComparison.Ordinal));
        Assert.Contains("guest 'other' is not there: create it first", Command(1, "attach", other), StringComparison.Ordinal);
        Assert.Contains("there is no device with id 5; use one of 0, 1", Command(2, "attach", file, "--device", "5"), StringComparison.Ordinal);
    }

    private string Command(int expected, params string[] arguments)
    {
        ProgramProcess command = _trial.Host(arguments);
        int exitCode = command.WaitForExit();
        string text = string.Join('\n', command.Output.All.Concat(command.Errors.All));
        Assert.True(exitCode == expected, $"exit code {exitCode}: {text}");
        return text;
    }

    private string DiskAndSound(bool attach)
    {
        _trial.CreateImage("disk.img");
        string text = GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/disk.img")), GuestFiles.Sound(1, GuestFiles.StandIn("snd"))]);
        return _trial.Write("guest.json", attach ? text.Replace("\"devices\"", "\"attach\": true, \"devices\"", StringComparison.Ordinal) : text);
    }
}
