using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Drivers;
using XenDmHost.Simulation.Guest.Drivers.Blk;
using XenDmHost.Simulation.Guest.Transport;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>Back-ends that end, once or again and again.</summary>
[Collection(FaultGroup.Name)]
public sealed class CrashTests(HealthyBackEnds healthy)
{
    [Fact]
    public void Rings_go_on_with_the_next_back_end_and_the_guest_does_not_notice()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("crash-on-kick"));
        Assert.True(scene.Faulty.WaitForExit());
        scene.Log.WaitFor(FaultScene.Disk, "closed the connection");
        scene.ReplaceDisk();
        scene.Log.WaitFor(FaultScene.Disk, "rings resumed");
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        Assert.Single(scene.Guest.RunsOf(FaultScene.Disk));
        scene.AssertTheRestIsUnharmed();
    }

    /// <summary>
    /// A back-end that dies in the middle of the start may have used buffers already: its successor must not begin at 0 and
    /// use them a second time.
    /// </summary>
    [Fact]
    public void What_a_back_end_used_before_it_died_of_the_start_is_not_used_again()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("crash-on-enable") with { GuestArguments = null });
        scene.Hand.WaitUntilConnected();
        VirtioMmioDevice disk = scene.Hand.SetUp(FaultScene.Disk);
        SplitVirtqueue queue = disk.Queues[0];
        using DeviceMemory memory = scene.Hand.NewMemory();
        using BlkRequest first = new(memory, BlkRequestType.In, sector: 0, length: 512, segment: 512);
        using BlkRequest second = new(memory, BlkRequestType.In, sector: 0, length: 512, segment: 512);
        queue.Add(first.Queued, DriverContext.RequestLimit);
        queue.Ring.PublishAvailable(1);

        disk.SetDriverOk();
        Assert.True(scene.Faulty.WaitForExit());
        scene.ReplaceDisk();
        first.Expect(BlkStatus.Ok);
        queue.Submit(second.Queued, DriverContext.RequestLimit);
        second.Expect(BlkStatus.Ok);

        Assert.Equal(2, queue.Ring.UsedIndex);
        disk.Remove();
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }

    [Fact]
    public void A_daemon_that_crashes_at_every_start_of_the_rings_makes_the_device_need_a_reset()
    {
        string image = Path.Combine(Path.GetTempPath(), $"crash-{Environment.ProcessId}.img");
        using FaultScene scene = new(healthy, new FaultSetup
        {
            DiskLaunch = StandIn(image, "--fault", "crash-on-kick"),
        });
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest", "ended");
        int starts = scene.Log.Count(FaultScene.Disk, "rings started") + scene.Log.Count(FaultScene.Disk, "rings resumed");
        Assert.InRange(starts, 2, 5);
        Assert.False(scene.Guest.WaitForRun(FaultScene.Disk, 1)["ok"]!.GetValue<bool>());
        scene.AssertTheRestIsUnharmed();
        File.Delete(image);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(12)]
    public void A_daemon_that_ends_after_some_requests_is_started_again_and_its_end_is_told(int requests)
    {
        string image = Path.Combine(Path.GetTempPath(), $"exit-{Environment.ProcessId}.img");
        using FaultScene scene = new(healthy, new FaultSetup
        {
            DiskLaunch = StandIn(image, "--fault", $"exit-after={requests}"),
            GuestArguments = ["--boot-timeout", "2"],
        });
        scene.Log.WaitFor(FaultScene.Disk, "the daemon has ended", "started again");
        scene.Guest.WaitUntilGood(FaultScene.Sound);
        scene.AssertTheRestIsUnharmed(scene.Guest.WaitForEnd());
        foreach (string pid in scene.LaunchedDaemons())
        {
            Assert.False(Directory.Exists($"/proc/{pid}"), $"daemon {pid} is still there");
        }

        File.Delete(image);
    }

    [Fact]
    public void A_feature_that_the_next_back_end_lacks_makes_the_device_need_a_reset()
    {
        // Bit 9: FLUSH, which the guest's driver uses. The stand-in drops it from its second connection on.
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("drop-bit=9", "refuse-eof=SET_CONFIG"));
        scene.Log.WaitFor(FaultScene.Disk, "no longer offers features 0x200 that the guest uses");
        scene.ReplaceDisk();
        Assert.NotNull(scene.Guest.WaitForRun(FaultScene.Disk, 2));
        scene.AssertTheRestIsUnharmed();
    }

    private static string[] StandIn(string image, params string[] more) =>
    [
        "dotnet", Path.Combine(AppContext.BaseDirectory, "xendmhost-sim.dll"), "stand-in", "blk",
        "--socket", "{socket}", "--image", image, "--size", "8388608", .. more,
    ];
}
