using XenDmHost.Host.Guests;
using XenDmHost.IntegrationTests.Support;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>
/// Accesses that wait for the back-end: they return when it has done its part or when the limit for holding them is over,
/// and the guest can use the device again.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class HeldAccessTests(HealthyBackEnds healthy)
{
    private const uint BlockDevice = 2;
    private const int WritebackOffset = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // The back-end would have longer than the simulation waits for an access: only the limit for holding can end these.
    private static readonly DeviceLimits Holding = HostInProcess.ShortLimits with { HoldMs = 300, ReplyMs = 2 * (int)HandDrivenGuest.AccessLimit.TotalMilliseconds };

    [Fact]
    public void A_reset_returns_although_the_back_end_does_not_stop_its_ring()
    {
        using FaultScene scene = BroughtUp("silent=GET_VRING_BASE", out VirtioMmioDevice device);
        VirtioMmioWindow window = scene.Hand.Window(FaultScene.Disk);
        window.Write(MmioRegister.Status, 0);
        AssertGivenUp(scene, "GET_VRING_BASE queue 0");
        Assert.Equal(0u, window.Read(MmioRegister.Status));
        device.Abort();
        AssertUsableAgain(scene);
    }

    [Fact]
    public void A_queue_is_stopped_although_the_back_end_does_not_stop_its_ring()
    {
        using FaultScene scene = BroughtUp("silent=GET_VRING_BASE", out VirtioMmioDevice device);
        VirtioMmioWindow window = scene.Hand.Window(FaultScene.Disk);
        window.Write(MmioRegister.QueueSel, 0);
        window.Write(MmioRegister.QueueReady, 0);
        AssertGivenUp(scene, "GET_VRING_BASE queue 0");
        Assert.Equal(0u, window.Read(MmioRegister.QueueReady));
        device.Abort();
        AssertUsableAgain(scene);
    }

    [Theory]
    [InlineData("SET_FEATURES")]
    [InlineData("SET_VRING_ADDR")]
    [InlineData("SET_VRING_ENABLE")]
    public void A_reset_that_comes_while_the_rings_start_ends_the_wait_for_the_back_end(string request)
    {
        using FaultScene scene = new(healthy, FaultSetup.WithFaults($"silent={request}") with { GuestArguments = null, Limits = Holding });
        scene.Hand.WaitUntilConnected();
        scene.Hand.BringUp(FaultScene.Disk).Remove();
        AssertGivenUp(scene, request);
        AssertUsableAgain(scene);
    }

    [Fact]
    public void A_write_to_the_configuration_returns_although_the_back_end_does_not_answer()
    {
        using FaultScene scene = BroughtUp("silent=SET_CONFIG", out VirtioMmioDevice device);
        VirtioMmioWindow window = scene.Hand.Window(FaultScene.Disk);
        uint before = window.ReadConfig(WritebackOffset, 1);
        window.WriteConfig(WritebackOffset, 1, before ^ 1);
        AssertGivenUp(scene, "SET_CONFIG offset 32");
        Assert.Equal(before, window.ReadConfig(WritebackOffset, 1));
        device.Abort();
        AssertUsableAgain(scene);
    }

    [Fact]
    public async Task Other_accesses_are_answered_while_one_is_held()
    {
        using FaultScene scene = BroughtUp(
            "silent=GET_VRING_BASE", out VirtioMmioDevice device, Holding with { HoldMs = 45_000 });
        Task<bool> removal = scene.Hand.OnVcpu(1, () =>
        {
            device.Remove();
            return true;
        });
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref scene.Host.Counters.Held) > 0, Limit));
        Assert.Equal(BlockDevice, scene.Hand.Window(FaultScene.Disk).Read(MmioRegister.DeviceId));
        Assert.NotEqual(0u, scene.Hand.Window(FaultScene.Disk).Read(MmioRegister.Status));
        Assert.Null(scene.Hand.Drive(FaultScene.Sound));
        Assert.False(removal.IsCompleted);

        // The end of the back-end is an answer too.
        scene.ReplaceDisk();
        scene.EndFaulty();
        Assert.True(await removal.WaitAsync(Limit));
        AssertUsableAgain(scene);
    }

    [Fact]
    public async Task A_probe_waits_for_the_back_end()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, WaitForBackEndMs = 30_000 });
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end");
        Task<uint> probe = scene.Hand.OnVcpu(1, () => scene.Hand.Window(FaultScene.Disk).Read(MmioRegister.DeviceId));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref scene.Host.Counters.Held) > 0, Limit));
        Assert.False(probe.IsCompleted);
        scene.ReplaceDisk();
        Assert.Equal(BlockDevice, await probe.WaitAsync(Limit));
        AssertUsableAgain(scene);
    }

    [Fact]
    public void A_probe_does_not_wait_longer_than_the_limit_and_the_device_can_be_probed_later()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, WaitForBackEndMs = 100 });
        VirtioMmioWindow window = scene.Hand.Window(FaultScene.Disk);
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end");
        Assert.Equal(0u, window.Read(MmioRegister.DeviceId));
        Assert.Equal(1, scene.Host.Counters.Held);
        Assert.Equal(0u, window.Read(MmioRegister.DeviceId));
        Assert.Equal(1, scene.Host.Counters.Held);
        AssertUsableAgain(scene);
    }

    /// <summary>A driver that was told 0 while one host gives way to the next would give the device up for good.</summary>
    [Fact]
    public async Task A_probe_that_waits_when_the_host_ends_is_answered_by_its_successor()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, WaitForBackEndMs = 30_000 });
        Task<uint> probe = await HeldProbe(scene);
        scene.EndHost();
        Assert.False(probe.IsCompleted);

        scene.ReplaceDisk();
        scene.StartSuccessor();
        Assert.Equal(BlockDevice, await probe.WaitAsync(Limit));
        scene.Log.WaitFor(FaultScene.Disk, "connected to");
        AssertUsableAgain(scene);
    }

    [Fact]
    public async Task A_probe_of_a_device_that_is_taken_away_finds_none()
    {
        using FaultScene scene = new(healthy, new FaultSetup { GuestArguments = null, WaitForBackEndMs = 30_000 });
        Task<uint> probe = await HeldProbe(scene);
        scene.Hand.TakeDevicesAway();
        Assert.Equal(0u, await probe.WaitAsync(Limit));
    }

    private static async Task<Task<uint>> HeldProbe(FaultScene scene)
    {
        scene.Log.WaitFor(FaultScene.Disk, "waiting for the back-end");
        Task<uint> probe = scene.Hand.OnVcpu(1, () => scene.Hand.Window(FaultScene.Disk).Read(MmioRegister.DeviceId));
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => Volatile.Read(ref scene.Host.Counters.Held) > 0, Limit)));
        Assert.False(probe.IsCompleted);
        return probe;
    }

    private FaultScene BroughtUp(string fault, out VirtioMmioDevice device, DeviceLimits? limits = null)
    {
        FaultScene scene = new(healthy, FaultSetup.WithFaults(fault) with { GuestArguments = null, Limits = limits ?? Holding });
        scene.Hand.WaitUntilConnected();
        device = scene.Hand.BringUp(FaultScene.Disk);
        scene.Log.WaitFor(FaultScene.Disk, "rings started");
        return scene;
    }

    /// <summary>The access has returned: by then the host must have given the back-end up, and said so.</summary>
    private static void AssertGivenUp(FaultScene scene, string request)
    {
        Assert.Equal(1, scene.Log.Count(FaultScene.Disk, request));
        Assert.Contains("no answer within", scene.Log.WaitFor(FaultScene.Disk, request).Message, StringComparison.Ordinal);
        Assert.True(scene.Host.Counters.Held > 0);
    }

    private static void AssertUsableAgain(FaultScene scene)
    {
        scene.ReplaceDisk();
        scene.EndFaulty();
        scene.Hand.WaitUntilConnected();
        Assert.Null(scene.Hand.Drive(FaultScene.Disk));
        Assert.Null(scene.Hand.Drive(FaultScene.Sound));
        scene.EndHost();
        scene.Hand.Dispose();
        scene.AssertNothingIsLeftOfTheHost();
    }
}
