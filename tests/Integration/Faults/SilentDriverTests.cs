using XenDmHost.IntegrationTests.Support;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Transport;
using XenDmHost.Simulation.Guest.Xenbus;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>Drivers on xenbus that go without a reset of their device, and drivers whose back-end does not come.</summary>
[Collection(FaultGroup.Name)]
public sealed class SilentDriverTests(HealthyBackEnds healthy)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Rings_that_a_closed_driver_left_running_are_stopped_and_the_device_is_as_new()
    {
        using FaultScene scene = new(healthy, new FaultSetup { DiskArguments = [], GuestArguments = null, Xenbus = true });
        using XenbusDriver driver = scene.Hand.DriverOf(FaultScene.Disk);
        VirtioMmioDevice device = BringUp(scene, driver, out VirtioMmioWindow window);
        device.Abort();
        driver.CloseInSteps(Limit);

        // The other end has said Closed, and said it after everything else.
        Assert.Equal(1, scene.Log.Count(FaultScene.Disk, "it is reset for it"));
        Assert.Equal(0u, window.Read(MmioRegister.Status));
        window.Write(MmioRegister.QueueSel, 0);
        Assert.Equal(0u, window.Read(MmioRegister.QueueReady));

        VirtioMmioDevice again = BringUp(scene, driver, out _);
        again.Remove();
        driver.CloseInSteps(Limit);
        Assert.Equal(1, scene.Log.Count(FaultScene.Disk, "it is reset for it"));
        AssertNothingIsLeft(scene);
    }

    [Fact]
    public void A_driver_whose_back_end_does_not_come_goes_on_without_and_other_devices_are_connected()
    {
        using FaultScene scene = new(healthy, new FaultSetup
        {
            GuestArguments = null,
            Xenbus = true,
            Limits = HostInProcess.ShortLimits with { XenbusWaitMs = 300 },
        });
        using XenbusDriver disk = scene.Hand.DriverOf(FaultScene.Disk), sound = scene.Hand.DriverOf(FaultScene.Sound);
        Assert.True(disk.WaitUntilAttached(Limit) && sound.WaitUntilAttached(Limit));
        DriverFailure failure = Assert.Throws<DriverFailure>(() => disk.Probe(Limit));
        Assert.Contains("110 no back-end daemon came to ", failure.Message, StringComparison.Ordinal);
        scene.Log.Entries.WaitFor("the line that says what to do", entry =>
            entry.Message.StartsWith("device 0: no back-end daemon came to ", StringComparison.Ordinal)
            && entry.Message.Contains("the guest goes on without the device: start it;", StringComparison.Ordinal));
        sound.Probe(Limit);
        sound.CloseInSteps(Limit);

        // The driver that failed has closed; when the daemon is there the device is offered again.
        disk.Close();
        scene.ReplaceDisk();
        Assert.True(disk.WaitUntilOffered(Limit));
        BringUp(scene, disk, out _).Remove();
        disk.CloseInSteps(Limit);
        AssertNothingIsLeft(scene);
    }

    private static VirtioMmioDevice BringUp(FaultScene scene, XenbusDriver driver, out VirtioMmioWindow window)
    {
        Assert.True(driver.WaitUntilAttached(Limit));
        GuestDevice place = driver.Probe(Limit);
        window = scene.Hand.WindowAt(place.Base);
        VirtioMmioDevice device = scene.Hand.SetUp(place);
        device.SetDriverOk();
        scene.Log.WaitFor(FaultScene.Disk, "rings started");
        return device;
    }

    private static void AssertNothingIsLeft(FaultScene scene)
    {
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }
}
