using Microsoft.Extensions.Logging;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Xenbus;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>
/// Guests whose xenstore nodes cannot be, and a hypervisor that refuses: one line that says what, and the other device is
/// connected all the same.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class BadNodeTests(HealthyBackEnds healthy)
{
    private const ulong Ram = 0x4000_0000, Acpi = 0xfc00_0000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Ram, "lies in the guest's RAM")]
    [InlineData(Acpi, "where the platform's own pages are")]
    public void A_place_that_a_guest_must_not_choose_is_refused(ulong place, string complaint)
    {
        using FaultScene scene = Scene();
        using XenbusDriver sound = Connected(scene, FaultScene.Sound, out _);
        using XenbusDriver disk = scene.Hand.DriverOf(FaultScene.Disk, place);
        AssertRefused(scene, disk, complaint);
        AssertTheOtherIsServed(scene, sound);
    }

    [Fact]
    public void A_place_over_another_device_is_refused()
    {
        using FaultScene scene = Scene();
        using XenbusDriver sound = Connected(scene, FaultScene.Sound, out GuestDevice place);
        using XenbusDriver disk = scene.Hand.DriverOf(FaultScene.Disk, place.Base);
        AssertRefused(scene, disk, $"overlaps the device at 0x{place.Base:x}");
        AssertTheOtherIsServed(scene, sound);
    }

    [Fact]
    public void An_event_channel_that_is_none_of_the_guests_is_refused_and_a_right_one_is_taken_then()
    {
        using FaultScene scene = Scene();
        using XenbusDriver sound = Connected(scene, FaultScene.Sound, out _);
        using XenbusDriver disk = scene.Hand.DriverOf(FaultScene.Disk);
        Assert.True(disk.WaitUntilAttached(Limit));
        scene.Hand.Write($"{disk.Folder}/event-channel", "4711");
        scene.Hand.Write($"{disk.Folder}/state", "3");
        Said(scene, "device 0 is not served: event-channel 4711: ");
        Assert.Contains("EINVAL", Said(scene, "device 0 is not served: event-channel 4711: ").Message, StringComparison.Ordinal);

        // The host says it before it writes it; a driver acts on what is written.
        Assert.True(disk.WaitUntilSentAway(Limit));
        disk.Close();
        disk.Probe(Limit);
        disk.CloseInSteps(Limit);
        AssertTheOtherIsServed(scene, sound);
    }

    [Fact]
    public void A_guest_that_the_hypervisor_does_not_know_is_said_once_and_tried_again()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, Xenbus = true, Before = guest => guest.DestroySilently() });
        Support.LogEntry said = Said(scene, "domain 1 cannot be served: ");
        Assert.Contains("ESRCH", said.Message, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Error, said.Level);
        scene.Log.Entries.WaitFor("the next attempt", entry =>
            entry.Level == LogLevel.Debug && entry.Message.StartsWith("domain 1 cannot be served: ", StringComparison.Ordinal));
        scene.Hand.DestroySilently(false);
        using XenbusDriver sound = Connected(scene, FaultScene.Sound, out _);
        AssertTheOtherIsServed(scene, sound);
        Assert.Single(scene.Log.Entries.All, entry => entry.Level >= LogLevel.Error);
    }

    private FaultScene Scene()
    {
        FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, Xenbus = true });
        scene.ReplaceDisk();
        return scene;
    }

    private static XenbusDriver Connected(FaultScene scene, int device, out GuestDevice place)
    {
        XenbusDriver driver = scene.Hand.DriverOf(device);
        Assert.True(driver.WaitUntilAttached(Limit));
        place = driver.Probe(Limit);
        return driver;
    }

    private static void AssertRefused(FaultScene scene, XenbusDriver driver, string complaint)
    {
        Assert.True(driver.WaitUntilAttached(Limit));
        DriverFailure failure = Assert.Throws<DriverFailure>(() => driver.Probe(Limit));
        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
        Support.LogEntry said = Said(scene, "device 0 is not served: ");
        Assert.Equal(LogLevel.Error, said.Level);
        Assert.Contains(complaint, said.Message, StringComparison.Ordinal);
        Assert.Single(scene.Log.Entries.All, entry => entry.Level >= LogLevel.Error);
        driver.Close();
    }

    private static void AssertTheOtherIsServed(FaultScene scene, XenbusDriver sound)
    {
        sound.CloseInSteps(Limit);
        sound.Probe(Limit);
        sound.CloseInSteps(Limit);
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }

    private static Support.LogEntry Said(FaultScene scene, string start) =>
        scene.Log.Entries.WaitFor($"'{start}'", entry => entry.Message.StartsWith(start, StringComparison.Ordinal));
}
