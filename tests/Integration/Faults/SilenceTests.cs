using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>A back-end that does not answer: every wait for it has a limit, and the operator reads what was waited for.</summary>
[Collection(FaultGroup.Name)]
public sealed class SilenceTests(HealthyBackEnds healthy)
{
    private static readonly Host.Guests.DeviceLimits Impatient = HostInProcess.ShortLimits with { ReplyMs = 250, MemTableMs = 250 };

    [Theory]
    [InlineData("GET_FEATURES", "GET_FEATURES:", "serves another client")]
    [InlineData("GET_PROTOCOL_FEATURES", "GET_PROTOCOL_FEATURES:", "the daemon hangs")]
    [InlineData("SET_OWNER", "SET_OWNER:", "the daemon hangs")]
    [InlineData("GET_CONFIG", "offset 0, 60 bytes", "the daemon hangs")]
    [InlineData("SET_MEM_TABLE", "0x40000000+0x4000000", "mapping the guest's memory takes too long")]
    public void Before_the_guest_starts(string request, string value, string why)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"silent={request}") with { Limits = Impatient });
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end", request, value, "no answer within", why);
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        Assert.Single(scene.Guest.RunsOf(FaultScene.Disk));
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("SET_FEATURES", "= 0x170000a44")]
    [InlineData("SET_VRING_NUM", "queue 0 = 128")]
    [InlineData("SET_VRING_BASE", "queue 0 = 0")]
    [InlineData("SET_VRING_ADDR", "queue 0 = 0x")]
    [InlineData("SET_VRING_ERR", "queue 0")]
    [InlineData("SET_VRING_CALL", "queue 0")]
    [InlineData("SET_VRING_KICK", "queue 0")]
    [InlineData("SET_VRING_ENABLE", "queue 0 = 1")]
    public void While_the_rings_start(string request, string value)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"silent={request}") with { Limits = Impatient });
        scene.Log.WaitFor(FaultScene.Disk, request, value, "no answer within", "the daemon hangs");
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("GET_VRING_BASE", "queue 0", "requests in flight are not completed")]
    [InlineData("RESET_DEVICE", "RESET_DEVICE:", "the daemon hangs")]
    [InlineData("SET_CONFIG", "offset 32 = ", "the daemon hangs")]
    public void While_the_guest_resets_or_writes(string request, string value, string why)
    {
        // The limit for one answer is not what ends this wait: the guest's access is held, and that has a limit of its own.
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"silent={request}") with
        {
            GuestArguments = [],
            Limits = HostInProcess.ShortLimits with { HoldMs = 300, ReplyMs = 20_000 },
        });
        scene.Guest.WaitForRun(FaultScene.Disk, 1);
        scene.Log.WaitFor(FaultScene.Disk, request, value, "no answer within", why);
        scene.AssertTheRestIsUnharmed(scene.Guest.WaitForEnd());
    }

    [Fact]
    public void While_the_host_stops()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("silent=GET_VRING_BASE") with
        {
            Limits = HostInProcess.ShortLimits with { ReplyMs = 20_000, HoldMs = 300 },
        });
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.Guest.WaitUntilGood(FaultScene.Sound);
        scene.EndHost();
        scene.AssertNothingIsLeftOfTheHost();
        scene.Log.WaitFor(FaultScene.Disk, "GET_VRING_BASE queue 0", "no answer within");
    }

    [Fact]
    public void While_the_host_negotiates_and_stops()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("silent=SET_OWNER") with
        {
            Limits = HostInProcess.ShortLimits with { ReplyMs = 20_000, HoldMs = 300 },
        });
        scene.Log.WaitFor(FaultScene.Sound, "connected to");
        scene.EndHost();
        scene.AssertNothingIsLeftOfTheHost();
        scene.Log.WaitFor(FaultScene.Disk, "SET_OWNER", "no answer within");
    }
}
