namespace XenDmHost.IntegrationTests.Faults;

/// <summary>Answers that break the protocol: never an exception, never a descriptor kept, always a line that says what came.</summary>
[Collection(FaultGroup.Name)]
public sealed class MalformedReplyTests(HealthyBackEnds healthy)
{
    [Theory]
    [InlineData("short-reply=GET_FEATURES", "GET_FEATURES", "4 bytes of payload where 8 are defined")]
    [InlineData("short-reply=SET_OWNER", "SET_OWNER", "4 bytes of payload where 8 are defined")]
    [InlineData("short-reply=GET_CONFIG", "GET_CONFIG", "36 bytes of payload where 72 are defined")]
    [InlineData("cut-reply=GET_FEATURES", "GET_FEATURES", "no answer within")]
    [InlineData("cut-reply=GET_CONFIG", "GET_CONFIG", "no answer within")]
    [InlineData("oversized-reply=GET_FEATURES", "GET_FEATURES", "8200 bytes of payload")]
    [InlineData("oversized-reply=GET_CONFIG", "GET_CONFIG", "8264 bytes of payload")]
    [InlineData("wrong-id-reply=GET_FEATURES", "GET_FEATURES", "the answer is one to SET_FEATURES")]
    [InlineData("wrong-id-reply=SET_MEM_TABLE", "SET_MEM_TABLE", "the answer is one to request 6")]
    [InlineData("unexpected-fds=GET_FEATURES", "GET_FEATURES", "file descriptors that nobody asked for")]
    [InlineData("unexpected-fds=GET_CONFIG:3", "GET_CONFIG", "file descriptors that nobody asked for")]
    [InlineData("unexpected-fds=SET_OWNER:253", "SET_OWNER", "file descriptors that nobody asked for")]
    [InlineData("config-short", "GET_CONFIG", "71 bytes of payload where 72 are defined")]
    [InlineData("config-long", "GET_CONFIG", "88 bytes of payload where 72 are defined")]
    public void Before_the_guest_starts(string fault, string request, string what)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault) with
        {
            Limits = Support.HostInProcess.ShortLimits with { ReplyMs = 250 },
        });
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end", request, what);
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("short-reply=SET_VRING_NUM", "SET_VRING_NUM", "4 bytes of payload where 8 are defined")]
    [InlineData("cut-reply=SET_VRING_ADDR", "SET_VRING_ADDR", "no answer within")]
    [InlineData("oversized-reply=SET_VRING_KICK", "SET_VRING_KICK", "8200 bytes of payload")]
    [InlineData("wrong-id-reply=SET_VRING_ENABLE", "SET_VRING_ENABLE", "the answer is one to")]
    [InlineData("unexpected-fds=SET_VRING_CALL:253", "SET_VRING_CALL", "file descriptors that nobody asked for")]
    public void While_the_rings_start(string fault, string request, string what)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault) with
        {
            Limits = Support.HostInProcess.ShortLimits with { ReplyMs = 250 },
        });
        scene.Log.WaitFor(FaultScene.Disk, request, "queue 0", what);
        scene.Log.WaitFor(FaultScene.Disk, "needs a reset by its guest");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }

    [Theory]
    [InlineData("short-reply=GET_VRING_BASE", "4 bytes of payload where 8 are defined")]
    [InlineData("cut-reply=GET_VRING_BASE", "no answer within")]
    [InlineData("oversized-reply=GET_VRING_BASE", "8200 bytes of payload")]
    [InlineData("wrong-id-reply=GET_VRING_BASE", "the answer is one to SET_VRING_KICK")]
    [InlineData("unexpected-fds=GET_VRING_BASE:253", "file descriptors that nobody asked for")]
    public void While_the_guest_resets(string fault, string what)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults(fault) with
        {
            GuestArguments = [],
            Limits = Support.HostInProcess.ShortLimits with { HoldMs = 300 },
        });
        Assert.True(scene.Guest.WaitForRun(FaultScene.Disk, 1)["ok"]!.GetValue<bool>());
        scene.Log.WaitFor(FaultScene.Disk, "GET_VRING_BASE queue 0", what);
        scene.AssertTheRestIsUnharmed(scene.Guest.WaitForEnd());
        Assert.Equal(0, scene.Guest.ExitCode);
    }

    [Fact]
    public void Descriptors_that_come_with_every_attempt_do_not_add_up()
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults("unexpected-fds=GET_FEATURES:253"));

        // The sixth attempt is the first that is worth a warning.
        scene.Log.Entries.WaitFor(
            "the sixth attempt", entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Warning
                && entry.Message.Contains("nobody asked for", StringComparison.Ordinal));
        int open = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        Assert.True(open < 253, $"{open} descriptors are open");
        scene.ReplaceDisk();
        scene.Guest.WaitUntilGood(FaultScene.Disk);
        scene.AssertTheRestIsUnharmed();
    }
}
