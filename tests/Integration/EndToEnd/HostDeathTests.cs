using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Hosts that die under a guest, and simulations that die under a host.</summary>
public sealed class HostDeathTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_transfer_goes_on_over_many_killed_hosts_and_the_guest_is_told_nothing()
    {
        const int Hosts = 8;
        _trial.CreateImage("disk.img", 4 << 20);

        // The daemon ends after every fifth request, so that the transfer has not ended before the last host has come.
        string[] mortal = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--fault", "crash-on-chain=5");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, mortal), GuestFiles.Sound(1, GuestFiles.StandIn("snd"))]));
        Simulation guest = new(_trial, devices: 2);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("rings started");
        for (int next = 0; next < Hosts; next++)
        {
            for (int lives = 0; lives <= next % 4; lives++)
            {
                host.Errors.Expect("device 0: rings resumed");
            }

            host.Kill();
            host = _trial.Run(file);
            host.Errors.Expect("adopted domain 1");
        }

        guest.Finish();
        JsonObject disk = guest.Facts(0);
        Assert.Equal(4 << 20, disk["bytesVerified"]!.GetValue<int>());
        Assert.Equal(0, disk["configChanges"]!.GetValue<int>());
        guest.Facts(1);
        Assert.DoesNotContain(Trial.End(host), line => line.Contains("needs a reset", StringComparison.Ordinal));
    }

    [Fact]
    public void An_orderly_end_in_the_middle_of_a_transfer_does_it_no_harm_either()
    {
        _trial.CreateImage("disk.img", 4 << 20);
        string[] mortal = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--fault", "crash-on-chain=5");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, mortal)]));
        Simulation guest = new(_trial, ["--store-stays"]);
        ProgramProcess host = _trial.Run(file);
        for (int next = 0; next < 4; next++)
        {
            host.Errors.Expect("device 0: rings resumed");
            Trial.End(host);
            host = _trial.Run(file);
            host.Errors.Expect("adopted domain 1");
        }

        Assert.Single(Directory.GetFiles(_trial.PathOf("runtime"), "trial.1.server"));
        Assert.Equal(4 << 20, guest.Facts()["bytesVerified"]!.GetValue<int>());
        host.Errors.Expect("domain 1 is gone");
        Trial.End(host);
        Assert.Empty(Directory.GetFiles(_trial.PathOf("runtime"), "*.registers"));
        Assert.Empty(Directory.GetFiles(_trial.PathOf("runtime"), "*.server"));
        guest.Process.Signal("TERM");
        guest.Finish();
    }

    [Fact]
    public void Where_the_state_of_devices_is_lost_the_guest_resets_its_devices_and_drives_them_again()
    {
        string file = DiskAndSound();
        Simulation guest = new(_trial, ["--wait"], devices: 2);
        ProgramProcess first = _trial.Run(file);
        first.Errors.Expect("serving domain 1");
        guest.Facts(0);
        guest.Facts(1);
        first.Kill();
        ForgetState();

        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("adopted domain 1");
        guest.Facts(0, run: 2);
        guest.Facts(1, run: 2);
        Trial.End(second);
        ForgetState();

        // An orderly end leaves the guest to a successor too.
        ProgramProcess third = _trial.Run(file);
        third.Errors.Expect("adopted domain 1");
        guest.Facts(0, run: 3);
        guest.Facts(1, run: 3);
        guest.Process.Signal("TERM");
        guest.Finish();
        Trial.End(third);
    }

    /// <summary>Two at once would take each other's accesses and registers.</summary>
    [Fact]
    public void A_second_host_of_a_guest_waits_for_the_first_ones_end_and_then_goes_on_with_it()
    {
        string file = DiskAndSound();
        Simulation guest = new(_trial, ["--wait"], devices: 2);
        ProgramProcess first = _trial.Run(file);
        first.Errors.Expect("serving domain 1");
        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("waiting for the host that serves this guest to end");
        guest.Facts(0);
        guest.Facts(1);
        Trial.End(first);
        second.Errors.Expect("adopted domain 1");
        second.Errors.Expect("rings resumed");
        guest.Process.Signal("TERM");
        guest.Finish();
        Trial.End(second);
    }

    [Fact]
    public void Daemons_die_with_a_killed_host_and_the_successor_starts_new_ones()
    {
        string file = DiskAndSound();
        Simulation guest = new(_trial, ["--wait"], devices: 2);
        ProgramProcess first = _trial.Run(file);
        int[] old = [BackEndDeathTests.StartedDaemon(first), BackEndDeathTests.StartedDaemon(first)];
        guest.Facts(0);
        guest.Facts(1);
        first.Kill();
        Array.ForEach(old, ProgramProcess.WaitForEndOf);

        ProgramProcess second = _trial.Run(file);
        int[] fresh = [BackEndDeathTests.StartedDaemon(second), BackEndDeathTests.StartedDaemon(second)];
        second.Errors.Expect("rings resumed");
        second.Errors.Expect("rings resumed");
        Trial.End(second);
        Array.ForEach(fresh, daemon => Assert.False(Directory.Exists($"/proc/{daemon}"), $"daemon {daemon} outlives an orderly end"));
    }

    [Fact]
    public void Killed_over_and_over_under_random_accesses_each_of_which_is_answered_in_the_end()
    {
        const int Kills = 6;
        string file = DiskAndSound();
        Simulation guest = new(_trial, ["--workload", "random", "--accesses", "150000", "--vcpus", "4"], devices: 2);
        ProgramProcess host = _trial.Run(file);
        for (int kill = 0; kill < Kills; kill++)
        {
            // Each time at another point of the guest's doings.
            for (int started = 0; started <= kill; started++)
            {
                host.Errors.Expect("rings started");
            }

            Assert.False(guest.Process.HasExited, "the guest was done before the host was killed");
            host.Kill();
            host = _trial.Run(file);
            host.Errors.Expect("adopted domain 1");
        }

        Assert.InRange(guest.Finish()["accesses"]!.GetValue<long>(), 150_000, long.MaxValue);
        Trial.End(host);
    }

    [Fact]
    public void The_death_of_a_simulation_is_said_and_the_next_one_is_served()
    {
        string file = DiskAndSound();
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("waiting for xenstore", "start the simulation: xendmhost-sim guest --directory");
        for (int life = 0; life < 3; life++)
        {
            Simulation guest = new(_trial, ["--wait"], devices: 2);
            host.Errors.Expect("serving domain 1");
            guest.Facts(0);
            guest.Facts(1);
            guest.Process.Kill();
            host.Errors.Expect("is gone");
        }

        Simulation last = new(_trial, devices: 2);
        last.Finish();
        Trial.End(host);
    }

    [Fact]
    public void Asked_to_end_the_host_does_so_in_order_and_leaves_no_daemon()
    {
        string file = DiskAndSound();
        Simulation guest = new(_trial, ["--wait"], devices: 2);
        ProgramProcess host = _trial.Run(file);
        int[] daemons = [BackEndDeathTests.StartedDaemon(host), BackEndDeathTests.StartedDaemon(host)];
        guest.Facts(0);
        guest.Facts(1);
        IReadOnlyList<string> log = Trial.End(host);
        Array.ForEach(daemons, daemon => Assert.False(Directory.Exists($"/proc/{daemon}"), $"daemon {daemon} is still there"));
        Assert.False(File.Exists(_trial.PathOf("disk0.sock")) || File.Exists(_trial.PathOf("sound1.sock")));
        Assert.DoesNotContain(log, line => line.Contains(" error ", StringComparison.Ordinal));
    }

    [Fact]
    public void Asked_to_end_while_it_waits_for_everything_the_host_does_so_too()
    {
        ProgramProcess host = _trial.Run(DiskAndSound());
        host.Errors.Expect("waiting for xenstore");
        Trial.End(host);
    }

    private void ForgetState()
    {
        string[] files = Directory.GetFiles(_trial.PathOf("runtime"), "trial.1.*.registers");
        Assert.Equal(2, files.Length);
        Array.ForEach(files, File.Delete);
    }

    private string DiskAndSound()
    {
        _trial.CreateImage("disk.img");
        return _trial.Write("guest.json", GuestFiles.Of(
            [GuestFiles.Disk(0, GuestFiles.StorageDaemon("disk.img")), GuestFiles.Sound(1, GuestFiles.StandIn("snd"))]));
    }
}
