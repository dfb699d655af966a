using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

/// <summary>Grants over hypervisor.sock: what /dev/xen/gntdev is on Xen.</summary>
public sealed class GrantHypercallTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly TestPlatform _platform = new();
    private readonly HypercallClient _device;

    public GrantHypercallTests() => _device = _platform.Connect();

    private GrantTable Grants => _platform.Platform.Domain.Grants;

    public void Dispose()
    {
        _device.Dispose();
        _platform.Dispose();
    }

    [Fact]
    public void Pages_that_follow_each_other_come_at_once_and_others_one_by_one()
    {
        uint first = Grants.Add(8 * Page, 3, readOnly: false)!.Value;
        Assert.Equal(first + 3, Grants.Add(2 * Page, 1, readOnly: false));
        _device.Must(HypercallOp.OpenGrants);
        var (answer, ram) = _device.Must(HypercallOp.MapGrants, first, 4, 1);
        Assert.Equal((8 * Page, 3UL), (answer.V0, answer.V1));
        Assert.Equal(Memfd.Size(_platform.Platform.Domain.Ram), Memfd.Size(ram!));
        answer = _device.Must(HypercallOp.MapGrants, first + 3, 1, 1).Answer;
        Assert.Equal((2 * Page, 1UL), (answer.V0, answer.V1));
    }

    [Fact]
    public void What_nobody_granted_cannot_be_mapped_and_what_is_for_reading_not_for_writing()
    {
        uint first = Grants.Add(0, 1, readOnly: true)!.Value;
        _device.Must(HypercallOp.OpenGrants);
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, first + 1, 1));
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, uint.MaxValue, 1));
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, first, 0));
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, first, 1, 1));
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, first, 1, 2));
        _device.Must(HypercallOp.MapGrants, first, 1);
    }

    [Fact]
    public void A_grant_is_not_taken_back_while_it_is_mapped()
    {
        uint first = Grants.Add(0, 2, readOnly: false)!.Value;
        _device.Must(HypercallOp.OpenGrants);
        _device.Must(HypercallOp.MapGrants, first, 2, 1);
        _device.Must(HypercallOp.MapGrants, first, 1, 1);
        _device.Must(HypercallOp.UnmapGrants, first, 2);
        Assert.Equal(HypercallError.NoEntry, _device.Error(HypercallOp.UnmapGrants, first + 1, 1));
        Assert.False(Grants.TryEnd(first, 2));
        _device.Must(HypercallOp.UnmapGrants, first, 1);
        Assert.True(Grants.TryEnd(first, 2));
        Assert.Equal(HypercallError.Invalid, _device.Error(HypercallOp.MapGrants, first, 1));
    }

    [Fact]
    public void What_a_connection_has_mapped_ends_with_it()
    {
        uint first = Grants.Add(0, 1, readOnly: false)!.Value;
        _device.Must(HypercallOp.OpenGrants);
        _device.Must(HypercallOp.MapGrants, first, 1, 1);
        using HypercallClient later = _platform.Connect();
        later.Must(HypercallOp.GetDomain);
        Assert.False(Grants.TryEnd(first, 1));
        _device.Dispose();

        // Served after the end of the connection that came before it.
        later.Must(HypercallOp.GetDomain);
        Assert.True(Grants.TryEnd(first, 1));
    }

    [Fact]
    public void A_connection_that_is_good_for_grants_is_good_for_nothing_else()
    {
        Assert.Equal(HypercallError.BadDescriptor, _device.Error(HypercallOp.MapGrants, 8, 1));
        Assert.Equal(HypercallError.BadDescriptor, _device.Error(HypercallOp.UnmapGrants, 8, 1));
        _device.Must(HypercallOp.OpenGrants);
        foreach (HypercallOp op in Enum.GetValues<HypercallOp>().Except([HypercallOp.MapGrants, HypercallOp.UnmapGrants]))
        {
            Assert.Equal(HypercallError.NotPermitted, _device.Error(op));
        }
    }
}
