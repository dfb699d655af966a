using Microsoft.Extensions.Logging;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>
/// A back-end that refuses a request, in both forms that there are: the operator reads which message, which value and why,
/// and the device works as soon as a back-end does.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class RefusalTests(HealthyBackEnds healthy)
{
    private const string Closed = "closed the connection";
    private const string Refused = "refused by the back-end (answer 1)";

    [Theory]
    [InlineData("refuse-nack", "SET_PROTOCOL_FEATURES", "= 0xa209 (MQ REPLY_ACK CONFIG RESET_DEVICE CONFIGURE_MEM_SLOTS)", Closed, "protocol feature")]
    [InlineData("refuse-eof", "SET_PROTOCOL_FEATURES", "= 0xa209", Closed, "protocol feature")]
    [InlineData("refuse-eof", "GET_FEATURES", "GET_FEATURES:", Closed, "serves another client")]
    [InlineData("refuse-eof", "GET_QUEUE_NUM", "GET_QUEUE_NUM:", Closed, "MQ without serving it")]
    [InlineData("refuse-nack", "SET_OWNER", "SET_OWNER:", Refused, "the back-end's own log")]
    [InlineData("refuse-eof", "SET_OWNER", "SET_OWNER:", Closed, "the back-end's own log")]
    [InlineData("refuse-nack", "GET_CONFIG", "offset 0, 60 bytes", Closed, "compare its size in the plugin")]
    [InlineData("refuse-eof", "GET_CONFIG", "offset 0, 60 bytes", Closed, "compare its size in the plugin")]
    [InlineData("refuse-nack", "SET_MEM_TABLE", "0x40000000+0x4000000", Refused, "could not map the guest's memory")]
    [InlineData("refuse-eof", "SET_MEM_TABLE", "0x40000000+0x4000000", Closed, "could not map the guest's memory")]
    public void Before_the_guest_starts(string form, string request, string value, string what, string why)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"{form}={request}"));
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end", request, value, what, why);
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        Assert.Single(scene.Guest.RunsOf(FaultScene.Disk));
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("refuse-nack", "SET_FEATURES", "= 0x170000a44", Refused, "mask that bit in the plugin")]
    [InlineData("refuse-eof", "SET_FEATURES", "= 0x170000a44", Closed, "mask that bit in the plugin")]
    [InlineData("refuse-nack", "SET_VRING_NUM", "queue 0 = 128", Refused, "set a smaller size under \"queues\"")]
    [InlineData("refuse-eof", "SET_VRING_NUM", "queue 0 = 128", Closed, "set a smaller size under \"queues\"")]
    [InlineData("refuse-nack", "SET_VRING_BASE", "queue 0 = 0", Refused, "does not resume at this index")]
    [InlineData("refuse-eof", "SET_VRING_BASE", "queue 0 = 0", Closed, "does not resume at this index")]
    [InlineData("refuse-nack", "SET_VRING_ADDR", "queue 0 = 0x", Refused, "does not lie in the memory")]
    [InlineData("refuse-eof", "SET_VRING_ADDR", "queue 0 = 0x", Closed, "does not lie in the memory")]
    [InlineData("refuse-nack", "SET_VRING_ERR", "queue 0", Refused, "the back-end's own log")]
    [InlineData("refuse-eof", "SET_VRING_ERR", "queue 0", Closed, "the back-end's own log")]
    [InlineData("refuse-nack", "SET_VRING_CALL", "queue 0", Refused, "the back-end's own log")]
    [InlineData("refuse-eof", "SET_VRING_CALL", "queue 0", Closed, "the back-end's own log")]
    [InlineData("refuse-nack", "SET_VRING_KICK", "queue 0", Refused, "the back-end's own log")]
    [InlineData("refuse-eof", "SET_VRING_KICK", "queue 0", Closed, "the back-end's own log")]
    [InlineData("refuse-nack", "SET_VRING_ENABLE", "queue 0 = 1", Refused, "fewer queues than the device")]
    [InlineData("refuse-eof", "SET_VRING_ENABLE", "queue 0 = 1", Closed, "fewer queues than the device")]
    public void While_the_rings_start(string form, string request, string value, string what, string why)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"{form}={request}"));
        scene.Log.WaitFor(FaultScene.Disk, request, value, what, why);
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest", "its rings cannot be started");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        Assert.False(scene.Guest.WaitForRun(FaultScene.Disk, 1)["ok"]!.GetValue<bool>());
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("refuse-nack", "GET_VRING_BASE")]
    [InlineData("refuse-eof", "GET_VRING_BASE")]
    [InlineData("refuse-nack", "RESET_DEVICE")]
    [InlineData("refuse-eof", "RESET_DEVICE")]
    public void While_the_guest_resets(string form, string request)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"{form}={request}") with { GuestArguments = [] });
        Assert.True(scene.Guest.WaitForRun(FaultScene.Disk, 1)["ok"]!.GetValue<bool>());
        scene.Log.WaitFor(FaultScene.Disk, request, request == "GET_VRING_BASE" ? "queue 0" : "RESET_DEVICE:");
        scene.AssertTheRestIsUnharmed(scene.Guest.WaitForEnd());
        Assert.Equal(0, scene.Guest.ExitCode);
    }

    [Fact]
    public void A_queue_larger_than_the_back_end_takes_is_named_with_its_size()
    {
        using FaultScene scene = new(healthy, new FaultSetup { DiskArguments = ["--max-queue-size", "64"] });
        scene.Log.WaitFor(
            FaultScene.Disk, "SET_VRING_NUM queue 0 = 128", Refused, "maximum queue size is smaller", "set a smaller size under \"queues\" in the guest file");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }

    [Fact]
    public void An_absent_socket_is_waited_for_and_progress_is_shown()
    {
        using FaultScene scene = new(healthy, new FaultSetup());
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end", "disk.sock", "ENOENT", "start the back-end daemon");
        scene.Log.Entries.WaitFor(
            "the line again, as a warning",
            entry => entry.Level == LogLevel.Warning && entry.Message.Contains("ENOENT", StringComparison.Ordinal));
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }
}
