using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>
/// A back-end holds our eventfds and the guest's memory, and can do with them what a kernel lets it: neither the guest's
/// accesses nor the other device may notice.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class HostileDescriptorTests(HealthyBackEnds healthy)
{
    // ACKNOWLEDGE, DRIVER, DRIVER_OK and FEATURES_OK.
    private const uint Running = 0xf;

    [Theory]
    [InlineData("poison-kick")]
    [InlineData("poison-kick-blocking")]
    public void A_kick_that_cannot_be_written_costs_the_device_and_nothing_else(string fault)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault));
        scene.Log.WaitFor(FaultScene.Disk, "blocks the kick eventfd");
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        Assert.False(scene.Guest.WaitForRun(FaultScene.Disk, 1)["ok"]!.GetValue<bool>());
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("poison-kick")]
    [InlineData("poison-kick-blocking")]
    public void The_hosts_own_kick_at_the_start_of_a_ring_cannot_hang_the_device(string fault)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault) with { GuestArguments = null });
        scene.Hand.WaitUntilConnected();
        VirtioMmioDevice device = scene.Hand.SetUp(FaultScene.Disk);
        scene.Hand.Window(FaultScene.Disk).Write(MmioRegister.Status, Running);
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest");
        scene.ReplaceDisk();
        scene.EndFaulty();
        device.Remove();
        Assert.Null(scene.Hand.Drive(FaultScene.Disk));
        Assert.Null(scene.Hand.Drive(FaultScene.Sound));
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }

    [Theory]
    [InlineData("poison-call")]
    [InlineData("poison-call-drain")]
    public void A_call_that_cannot_be_read_is_never_read(string fault)
    {
        // With a full counter the disk cannot announce anything: its guest waits in vain, until the disk is another one.
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault));
        scene.Log.WaitFor(FaultScene.Disk, "rings started");
        scene.Guest.WaitUntilGood(FaultScene.Sound);
        scene.ReplaceDisk();
        scene.EndFaulty();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }

    [Fact]
    public void The_guests_memory_cannot_be_shrunk_under_the_guest()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("shrink-memory"));
        Assert.Equal("shrink-memory: EPERM", scene.Faulty.NextOutput());
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }
}
