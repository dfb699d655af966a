using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>What becomes of a device's folder when the toolstack wants the device gone and the daemon has let go.</summary>
public sealed class ClosedDeviceTests : IDisposable
{
    private readonly OwnStore _own = new();

    private XenStoreClient Store => _own.Client;

    public void Dispose() => _own.Dispose();

    [Fact]
    public void In_dom0_libxl_removes_it_and_waits_for_state_6()
    {
        VirtioNodeAddress device = Close(ownDomid: 0);
        Assert.Equal("6", Store.Read($"{device.Path}/state").Value);
    }

    [Fact]
    public void In_a_driver_domain_libxl_waits_for_the_domain_to_remove_it()
    {
        VirtioNodeAddress device = Close(ownDomid: 6);
        Assert.Equal(XenStoreError.ENOENT, Store.Read(device.Path).Error);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(6u)]
    public void One_that_is_gone_already_is_not_brought_back(uint ownDomid)
    {
        VirtioNodeAddress device = new(VirtioNodeAddress.RootOf(ownDomid), 5, 0);
        XenbusBackEndState.Close(Store, device);
        Assert.Equal(XenStoreError.ENOENT, Store.Read(device.Path).Error);
    }

    private VirtioNodeAddress Close(uint ownDomid)
    {
        VirtioNodeAddress device = new(VirtioNodeAddress.RootOf(ownDomid), 5, 0);
        Assert.Equal(XenStoreError.None, Store.Write($"{device.Path}/state", "5"));
        XenbusBackEndState.Close(Store, device);
        return device;
    }
}
