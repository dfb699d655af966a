using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Back-ends that die under a guest which uses them, and come back.</summary>
public sealed partial class BackEndDeathTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_transfer_is_completed_without_a_reset_by_fifty_daemons_one_after_the_other()
    {
        const int Lives = 50;
        _trial.CreateImage("disk.img", 4 << 20);
        string[] mortal = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--fault", "crash-on-chain=5");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, mortal)]));

        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        List<int> descriptors = [];
        for (int life = 0; life < Lives; life++)
        {
            host.Errors.Expect("rings resumed");
            descriptors.Add(host.CountDescriptors());
        }

        guest.Finish();
        JsonObject facts = guest.Facts();
        Trial.End(host);

        Assert.Equal(4 << 20, facts["bytesVerified"]!.GetValue<int>());
        Assert.Equal(0, facts["configChanges"]!.GetValue<int>());

        Assert.Equal(Lives + 1, StartedDaemons(host).Distinct().Take(Lives + 1).Count());

        // A few are on their way in or out at any moment; one lost at each restart would be far more.
        Assert.InRange(descriptors[^1], 1, descriptors[4] + 10);
    }

    [Fact]
    public void A_killed_daemon_is_started_again_and_the_guests_transfer_goes_on()
    {
        string image = _trial.CreateImage("disk.img");
        string[] launch = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, launch)]));

        using FileSystemWatcher watcher = new(_trial.Folder, "disk.img");
        using SemaphoreSlim written = new(0);
        watcher.Changed += (_, _) => written.Release();
        watcher.EnableRaisingEvents = true;
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        int daemon = StartedDaemon(host);
        Assert.True(written.Wait(Trial.Limit), $"nobody writes to {image}");
        KillProcess(daemon);
        host.Errors.Expect("the daemon has ended (signal 9) and is started again");
        Assert.NotEqual(daemon, StartedDaemon(host));
        host.Errors.Expect("rings resumed");

        guest.Finish();
        Assert.Equal(0, guest.Facts()["configChanges"]!.GetValue<int>());
        Trial.End(host);
    }

    /// <summary>
    /// This daemon completes requests out of order, so its successor may meet one twice and miss another. Then the guest
    /// is told; it never waits for ever, and never takes wrong data for right.
    /// </summary>
    [Fact]
    public void A_killed_storage_daemon_is_started_again_and_the_transfer_is_completed_or_failed_in_words()
    {
        string image = _trial.CreateImage("disk.img");
        string[] slow = GuestFiles.StorageDaemon("disk.img", bytesPerSecond: 4 << 20);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, slow)]));

        using FileSystemWatcher watcher = new(_trial.Folder, "disk.img");
        using SemaphoreSlim written = new(0);
        watcher.Changed += (_, _) => written.Release();
        watcher.EnableRaisingEvents = true;
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        int daemon = StartedDaemon(host);
        Assert.True(written.Wait(Trial.Limit), $"nobody writes to {image}");
        KillProcess(daemon);
        host.Errors.Expect("the daemon has ended (signal 9) and is started again");
        host.Errors.Expect("rings resumed");

        JsonObject report = guest.Report();
        guest.Process.WaitForExit();
        Trial.End(host);
        if (!report["ok"]!.GetValue<bool>())
        {
            Assert.Matches("used element|used index|NEEDS_RESET|was not completed within", report["error"]!.GetValue<string>());
        }
    }

    [Fact]
    public void A_daemon_that_somebody_else_starts_may_come_late_and_come_back()
    {
        _trial.CreateImage("disk.img", 4 << 20);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, [])]));
        string[] standIn = ["blk", "--image", _trial.PathOf("disk.img"), "--socket", _trial.PathOf("disk0.sock"), "--fault", "crash-on-chain=50"];

        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("waiting for the back-end", "disk0.sock: ENOENT");
        _trial.StandIn(standIn).WaitForExit();
        host.Errors.Expect("disk0.sock: ECONNREFUSED");
        _trial.StandIn(standIn[..^2]);
        host.Errors.Expect("rings resumed");

        guest.Finish();
        Trial.End(host);
    }

    [Fact]
    public void A_daemon_that_connects_to_the_host_is_served_and_may_come_back()
    {
        _trial.CreateImage("disk.img", 4 << 20);
        string text = GuestFiles.Of([GuestFiles.Disk(0, [])]).Replace("disk0.sock\"", "disk0.sock\", \"listen\": true", StringComparison.Ordinal);
        string[] standIn = ["blk", "--image", _trial.PathOf("disk.img"), "--socket", _trial.PathOf("disk0.sock"), "--connect", "--fault", "crash-on-chain=50"];

        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(_trial.Write("guest.json", text));
        host.Errors.Expect("no back-end daemon has connected yet");
        _trial.StandIn(standIn).WaitForExit();
        host.Errors.Expect("rings started");
        _trial.StandIn(standIn[..^2]);
        host.Errors.Expect("rings resumed");

        guest.Finish();
        Trial.End(host);
        Assert.False(File.Exists(_trial.PathOf("disk0.sock")));
    }

    [Fact]
    public void A_launched_daemon_may_connect_to_the_host_too()
    {
        _trial.CreateImage("disk.img");
        string[] launch = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--connect");
        string text = GuestFiles.Of([GuestFiles.Disk(0, launch)]).Replace("disk0.sock\"", "disk0.sock\", \"listen\": true", StringComparison.Ordinal);
        ProgramProcess demo = _trial.Host("demo", "--file", _trial.Write("guest.json", text));
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
    }

    [Fact]
    public void A_daemon_that_is_never_to_be_restarted_is_not_and_the_log_says_it()
    {
        _trial.CreateImage("disk.img");
        string[] mortal = GuestFiles.StandIn("blk", "--image", "{dir}/disk.img", "--fault", "crash-on-chain=5");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, mortal, restart: "never")]));

        _ = new Simulation(_trial);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("the daemon has ended (signal 9) and \"restart\" is \"never\"");
        IReadOnlyList<string> log = Trial.End(host);
        Assert.Single(log, line => line.Contains("started xendmhost-sim", StringComparison.Ordinal));
    }

    /// <summary>The id of the next daemon, of any or of this name, that the host says to have started.</summary>
    internal static int StartedDaemon(ProgramProcess host, string name = "") =>
        int.Parse(Pid().Match(host.Errors.Expect("started " + name, "(pid ")).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The ids of all daemons that the host has started so far.</summary>
    private static IEnumerable<string> StartedDaemons(ProgramProcess host) => host.Errors.All
        .Where(line => line.Contains("started ", StringComparison.Ordinal))
        .Select(line => Pid().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups[1].Value);

    /// <summary>Kills a daemon that a host of this trial started.</summary>
    internal static void KillProcess(int processId)
    {
        using System.Diagnostics.Process daemon = System.Diagnostics.Process.GetProcessById(processId);
        daemon.Kill();
    }

    [GeneratedRegex(@"\(pid (\d+)\)")]
    private static partial Regex Pid();
}
