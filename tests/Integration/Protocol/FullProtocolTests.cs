using System.Text.Json.Nodes;
using XenDmHost.IntegrationTests.Faults;
using XenDmHost.IntegrationTests.StandIns;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>
/// What vhost-user has and no packaged daemon offers, from the daemon's socket to the guest's driver: BACKEND_REQ,
/// INFLIGHT_SHMFD, RESET_DEVICE, STATUS and CONFIGURE_MEM_SLOTS, with memory regions of either layout.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class FullProtocolTests(HealthyBackEnds healthy)
{
    private const string All = "--all-protocol-features";
    private const string Names = "MQ REPLY_ACK BACKEND_REQ CONFIG INFLIGHT_SHMFD RESET_DEVICE CONFIGURE_MEM_SLOTS STATUS";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The stand-in refuses a status that comes too early or too late, so a good run shows the order too.</summary>
    [Theory]
    [InlineData("", Names)]
    [InlineData("--xen", Names + " XEN_MMAP")]
    public void A_guest_drives_its_disk_over_all_of_it(string form, string agreed)
    {
        using FaultScene scene = Scene(form);
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.Log.WaitFor(FaultScene.Disk, "connected to", $"protocol {agreed}, ");
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--xen")]
    public void A_disk_that_grows_is_seen_by_the_guest_with_one_interrupt_and_one_new_generation(string form)
    {
        using FaultScene scene = Scene(form, byHand: true);
        scene.Hand.WaitUntilConnected();
        VirtioMmioDevice device = scene.Hand.BringUp(FaultScene.Disk);
        VirtioMmioWindow window = scene.Hand.Window(FaultScene.Disk);
        scene.Log.WaitFor(FaultScene.Disk, "rings started");
        uint generation = window.Read(MmioRegister.ConfigGeneration);
        ulong capacity = device.Config.ReadU64(0);
        Grow(scene.DiskImage, 4096);
        scene.Faulty.AskToReload();
        Assert.Contains("makes a buffer", scene.Faulty.NextError(), StringComparison.Ordinal);
        Assert.Contains("CONFIG_CHANGE_MSG was answered 0", scene.Faulty.NextError(), StringComparison.Ordinal);
        scene.Log.WaitFor(FaultScene.Disk, "the back-end changed the config space");
        Assert.True(SpinWait.SpinUntil(() => device.ConfigChanges == 1, Limit), "no config interrupt");
        Assert.Equal(capacity + 8, device.Config.ReadU64(0));
        Assert.Equal(generation + 1, window.Read(MmioRegister.ConfigGeneration));
        device.Remove();
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--xen")]
    public void Requests_in_flight_out_of_order_are_neither_lost_nor_repeated_when_the_back_end_dies(string form)
    {
        using FaultScene scene = Scene(form, "--fault", "crash-half-done");
        using BackEndProcess next = BackEndProcess.StartStandIn(
            ["blk", "--image", scene.DiskImage, All, "--reorder", .. form.Length > 0 ? [form] : Array.Empty<string>()]);
        Assert.True(scene.Faulty.WaitForExit());
        scene.ReplaceDisk(next.Socket);
        scene.Log.WaitFor(FaultScene.Disk, "rings resumed");

        // The guest fills its disk, reads it back and compares; an entry that was used twice, or never, breaks its queue.
        JsonNode run = scene.Guest.WaitForRun(FaultScene.Disk, 1);
        Assert.True(run["ok"]!.GetValue<bool>(), run.ToJsonString());
        Assert.Matches("takes up [0-9]+ requests", next.NextError());
        Assert.Single(scene.Guest.RunsOf(FaultScene.Disk));
        scene.AssertTheRestIsUnharmed();
    }

    /// <summary>The counter-test: without the buffer the same crash does what the buffer is there to prevent.</summary>
    [Fact]
    public void Without_the_buffer_the_same_crash_breaks_the_guests_queue()
    {
        using FaultScene scene = Scene("", "--fault", "crash-half-done");
        Assert.True(scene.Faulty.WaitForExit());
        scene.ReplaceDisk();
        JsonNode run = scene.Guest.WaitForRun(FaultScene.Disk, 1);
        Assert.False(run["ok"]!.GetValue<bool>(), run.ToJsonString());
        scene.AssertTheRestIsUnharmed();
    }

    [Fact]
    public void The_buffer_lives_as_long_as_the_guests_use_of_the_device()
    {
        using FaultScene scene = Scene("", byHand: true);
        scene.Hand.WaitUntilConnected();
        VirtioMmioDevice device = scene.Hand.BringUp(FaultScene.Disk);
        Assert.Contains("makes a buffer of what is in flight", scene.Faulty.NextError(), StringComparison.Ordinal);
        device.Remove();
        scene.Hand.BringUp(FaultScene.Disk).Remove();
        Assert.Contains("makes a buffer of what is in flight", scene.Faulty.NextError(), StringComparison.Ordinal);
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }

    private FaultScene Scene(string form, params string[] more) => Scene(form, byHand: false, more);

    private FaultScene Scene(string form, bool byHand, params string[] more)
    {
        FaultSetup setup = new() { DiskArguments = [All, .. form.Length > 0 ? [form] : Array.Empty<string>(), .. more] };
        return new FaultScene(healthy, byHand ? setup with { GuestArguments = null } : setup);
    }

    private static void Grow(string file, long bytes)
    {
        using FileStream image = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        image.SetLength(image.Length + bytes);
    }
}
