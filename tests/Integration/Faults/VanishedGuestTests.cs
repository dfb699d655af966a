using Microsoft.Extensions.Logging;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>A guest that the hypervisor has destroyed, before xenstore says so.</summary>
[Collection(FaultGroup.Name)]
public sealed class VanishedGuestTests(HealthyBackEnds healthy)
{
    private const string Gone = "the guest is gone";

    [Fact]
    public void A_back_end_that_ends_after_its_guest_is_not_sought_again_and_that_is_no_error()
    {
        using FaultScene scene = new(healthy, new FaultSetup { DiskArguments = [], GuestArguments = null });
        scene.Hand.WaitUntilConnected();
        VirtioMmioDevice device = scene.Hand.BringUp(FaultScene.Disk);
        scene.Log.WaitFor(FaultScene.Disk, "rings started");
        scene.Hand.DestroySilently();
        scene.ReplaceDisk();
        scene.EndFaulty();
        scene.Log.WaitFor(FaultScene.Disk, Gone);
        device.Abort();
        AssertSaidOnceAndQuietly(scene);
    }

    [Fact]
    public void A_back_end_that_comes_when_the_guest_is_gone_is_let_go_of_and_not_asked_again()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null });
        scene.Log.Entries.WaitFor("the guest is served", entry => entry.Message.StartsWith("serving domain", StringComparison.Ordinal));
        scene.Hand.DestroySilently();
        scene.ReplaceDisk();
        scene.Log.WaitFor(FaultScene.Disk, Gone);
        AssertSaidOnceAndQuietly(scene);
    }

    private static void AssertSaidOnceAndQuietly(FaultScene scene)
    {
        scene.EndHost();
        scene.Hand.Dispose();
        Assert.Equal(1, scene.Log.Count(FaultScene.Disk, Gone));
        Assert.Equal(0, scene.Log.Count(FaultScene.Disk, "waiting for the back-end: SET_MEM_TABLE"));
        Assert.DoesNotContain(scene.Log.Entries.All, entry => entry.Level >= LogLevel.Error);
        scene.AssertNothingIsLeftOfTheHost();
    }
}
