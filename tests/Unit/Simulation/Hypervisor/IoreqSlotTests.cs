using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

/// <summary>What a vCPU makes of a host that is right, wrong, silent or replaced.</summary>
public sealed class IoreqSlotTests
{
    private const int StateOffset = 30;

    [Fact]
    public void The_first_request_of_an_enabled_server_is_an_INVALIDATE()
    {
        using var platform = new TestPlatform();
        List<IoreqRequest> seen = [];
        using var host = new FakeHost(platform.Options.Directory, 7, request => Remember(seen, request), 0x1000);

        var value = platform.Platform.Machine.Vcpus[1].Read(0x1004, 4);

        Assert.Equal(0x55667788u, value);
        Assert.Equal([IoreqType.Invalidate, IoreqType.Copy], seen.Select(request => request.Type));
        Assert.Equal((0x1004UL, 4u, true), (seen[1].Address, seen[1].Size, seen[1].IsRead));
    }

    [Fact]
    public void An_access_that_nobody_claims_reads_all_ones_of_its_width()
    {
        using var platform = new TestPlatform();
        using var host = new FakeHost(platform.Options.Directory, 7, _ => 0, 0x1000);

        Assert.Equal(0xffffu, platform.Platform.Machine.Vcpus[0].Read(0x3000, 2));
        Assert.Equal(ulong.MaxValue, platform.Platform.Machine.Vcpus[0].Read(0x11fc, 8));
        Assert.Equal(0, platform.Platform.Machine.Vcpus[0].Answered);
    }

    [Fact]
    public async Task A_request_waits_for_a_host_and_its_successor_answers_it()
    {
        using var platform = new TestPlatform(accessSeconds: 30);
        using (new FakeHost(platform.Options.Directory, 7, _ => 1, 0x1000))
        {
            Assert.Equal(1u, platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));
        }

        var waiting = Task.Run(() => platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));
        WaitForState(platform, IoreqState.Ready);
        using var successor = new FakeHost(platform.Options.Directory, 7, _ => 2, 0x1000);

        Assert.Equal(2u, await waiting.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void An_access_without_an_answer_is_a_hang()
    {
        using var platform = new TestPlatform(accessSeconds: 0.2);
        using var client = platform.Connect();
        Claim(client);

        var fault = Assert.Throws<HostFault>(() => platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));

        Assert.Equal(HostFault.Hang, fault.ExitCode);
        Assert.Contains("state Ready", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vcpu_with_a_request_in_a_destroyed_server_never_wakes()
    {
        using var platform = new TestPlatform(accessSeconds: 1);
        using var client = platform.Connect();
        Claim(client);
        var waiting = Task.Run(() => platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));
        WaitForState(platform, IoreqState.Ready);

        client.Must(HypercallOp.DestroyIoreqServer);

        Assert.Equal(HostFault.Hang, (await Assert.ThrowsAsync<HostFault>(() => waiting)).ExitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task A_state_that_goes_backwards_or_out_of_range_is_a_violation(byte state)
    {
        using var platform = new TestPlatform();
        using var client = platform.Connect();
        var (page, notify) = Claim(client);
        var waiting = Task.Run(() => platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));
        WaitForState(platform, IoreqState.Ready);

        page.WriteReleaseU8(StateOffset, state);
        notify.TryAdd(1);

        Assert.Equal(HostFault.Violation, (await Assert.ThrowsAsync<HostFault>(() => waiting)).ExitCode);
    }

    [Fact]
    public void A_changed_vp_eport_is_a_violation()
    {
        using var platform = new TestPlatform();
        using var client = platform.Connect();
        var (page, _) = Claim(client);
        page.WriteU32(24, 77);

        var fault = Assert.Throws<HostFault>(() => platform.Platform.Machine.Vcpus[0].Read(0x1000, 4));

        Assert.Equal(HostFault.Violation, fault.ExitCode);
    }

    private static ulong Remember(List<IoreqRequest> seen, IoreqRequest request)
    {
        seen.Add(request);
        return 0x1122334455667788;
    }

    private static (Mapping Page, EventFd Notify) Claim(HypercallClient client)
    {
        client.Must(HypercallOp.CreateIoreqServer);
        var page = Mapping.Map(client.Must(HypercallOp.MapIoreqPage).Fd!, 0, 4096, writable: true);
        client.Must(HypercallOp.SetIoreqServerState, 0, 1);
        client.Must(HypercallOp.OpenEventChannels);
        var notify = client.Must(HypercallOp.BindInterdomain, page.ReadU32(24)).Fd!;
        client.Must(HypercallOp.MapIoRange, 0, 0x1000, 0x11ff);
        return (page, EventFd.From(notify));
    }

    private static void WaitForState(TestPlatform platform, IoreqState state)
    {
        using var client = platform.Connect();
        using var page = Mapping.Map(client.Must(HypercallOp.MapIoreqPage).Fd!, 0, 4096, writable: false);
        Assert.True(SpinWait.SpinUntil(() => (page.ReadAcquireU8(StateOffset) & 0xf) == (byte)state, TimeSpan.FromSeconds(60)));
    }
}
