using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;
using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.VirtioMmio;
using XenDmHost.UnitTests.Config;
using XenDmHost.UnitTests.Ioreq;

namespace XenDmHost.UnitTests.Guests;

/// <summary>
/// What a guest's driver may give for a ring, through the accesses of a vCPU: grants where they are asked for, which makes
/// the back-end one that is trusted with them, and RAM elsewhere.
/// </summary>
public sealed class RingAddressTests : IDisposable
{
    private const ulong Window = 0x0200_0000;
    private const uint VcpuPort = FakeEventChannels.FirstPort + 1;
    private const ulong Granted = GrantTable.AddressBit + 0x8000;
    private const ulong Ram = 0x4000_0000;

    private readonly TestPage _page = new();
    private readonly FakeEventChannels _channels = new();
    private readonly DaemonLauncher _launcher = new();
    private readonly GuestSession _session;
    private int _accesses;

    public RingAddressTests()
    {
        GrantingDomain domain = new() { Server = new PageServer(_page.Memory), Channels = _channels };
        GuestServices services = new(DeviceLimits.Default, _launcher, NullLoggerFactory.Instance);
        DeviceStates nowhere = new(null, "test", domain.Domid, "", NullLogger.Instance);
        _session = new GuestSession("test", domain, nowhere, services, new NoEvents(), () => { });
        _session.Start();
    }

    public void Dispose()
    {
        _session.Dispose();
        _launcher.Dispose();
        _page.Dispose();
    }

    [Theory]
    [InlineData(true, Granted, true)]
    [InlineData(true, Ram, true)]
    [InlineData(false, Granted, false)]
    [InlineData(false, Ram, true)]
    [InlineData(null, Granted, false)]
    [InlineData(null, Ram, true)]
    [InlineData(true, GrantTable.End - 0x1000, false)]
    [InlineData(true, ulong.MaxValue - 0xfff, false)]
    public void A_ring_outside_what_was_asked_for_costs_the_guest_the_device(bool? grants, ulong address, bool taken)
    {
        _session.Add(Plan(grants), Window, irq: 40);
        Write(MmioRegister.QueueSel, 0);
        Write(MmioRegister.QueueSize, 256);
        WriteAddress(MmioRegister.QueueDescLow, address);
        WriteAddress(MmioRegister.QueueDriverLow, address + 0x1000);
        WriteAddress(MmioRegister.QueueDeviceLow, address + 0x2000);
        Write(MmioRegister.QueueReady, 1);
        Assert.Equal(taken ? 1u : 0u, Read(MmioRegister.QueueReady));
        Assert.Equal(taken ? 0u : DeviceStatus.NeedsReset, Read(MmioRegister.Status) & DeviceStatus.NeedsReset);
    }

    private static DevicePlan Plan(bool? grants) => new()
    {
        Id = 0,
        PluginLabel = "test 1.0.0",
        Model = new FakeModel { Identity = new DeviceIdentity(4, "test") },
        QueueSizes = [256],
        BackEnd = new BackEndPlan("/nowhere.sock", Listen: false, [], RestartAlways: false),
        Grants = grants,
    };

    private void WriteAddress(uint low, ulong address)
    {
        Write(low, (uint)address);
        Write(low + 4, (uint)(address >> 32));
    }

    private void Write(uint register, uint value) => Access(register, read: false, value);

    private uint Read(uint register)
    {
        Access(register, read: true, 0);
        return (uint)_page.Slot(0).Data;
    }

    private void Access(uint register, bool read, uint value)
    {
        _page.Ask(0, Window + register, 4, read, value);
        _channels.Raise(VcpuPort);
        _channels.WaitForNotifications(VcpuPort, ++_accesses);
    }

    private sealed class PageServer(Mapping page) : IIoreqServer
    {
        public Mapping Page => page;

        public bool Adopted => false;

        public void MapRange(ulong start, ulong size)
        {
        }

        public void UnmapRange(ulong start, ulong size)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class NoEvents : IDeviceEvents
    {
        public void Connected(int deviceId)
        {
        }
    }
}
