using XenDmHost.Host.XenStore;
using XenDmHost.Simulation.Store;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>What becomes of a device's folder when the toolstack wants the device gone and the daemon has let go.</summary>
public sealed class ClosedDeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreServer _server;
    private readonly XenStoreClient _store;

    public ClosedDeviceTests()
    {
        _server = new StoreServer(Path.Combine(_folder.Path, "socket"));
        _store = XenStoreClient.ConnectUnix(Path.Combine(_folder.Path, "socket"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void In_dom0_libxl_removes_it_and_waits_for_state_6()
    {
        VirtioNodeAddress device = Close(ownDomid: 0);
        Assert.Equal("6", _store.Read($"{device.Path}/state").Value);
    }

    [Fact]
    public void In_a_driver_domain_libxl_waits_for_the_domain_to_remove_it()
    {
        VirtioNodeAddress device = Close(ownDomid: 6);
        Assert.Equal(XenStoreError.ENOENT, _store.Read(device.Path).Error);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(6u)]
    public void One_that_is_gone_already_is_not_brought_back(uint ownDomid)
    {
        VirtioNodeAddress device = new(VirtioNodeAddress.RootOf(ownDomid), 5, 0);
        XenbusBackEndState.Close(_store, device);
        Assert.Equal(XenStoreError.ENOENT, _store.Read(device.Path).Error);
    }

    private VirtioNodeAddress Close(uint ownDomid)
    {
        VirtioNodeAddress device = new(VirtioNodeAddress.RootOf(ownDomid), 5, 0);
        Assert.Equal(XenStoreError.None, _store.Write($"{device.Path}/state", "5"));
        XenbusBackEndState.Close(_store, device);
        return device;
    }
}
