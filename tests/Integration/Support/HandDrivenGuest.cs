using XenDmHost.Simulation.Cli;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Drivers;
using XenDmHost.Simulation.Guest.Transport;
using XenDmHost.Simulation.Guest.Workloads;
using XenDmHost.Simulation.Guest.Xenbus;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>The simulation in the test's process: the test makes the guest's accesses, one by one.</summary>
internal sealed class HandDrivenGuest : IDisposable
{
    /// <summary>An access that is not answered within this was not answered at all.</summary>
    internal static readonly TimeSpan AccessLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SimulatedPlatform _platform;
    private bool _ended;

    internal HandDrivenGuest(string directory, string name, int devices, bool xenbus = false) => _platform = new SimulatedPlatform(new GuestOptions
    {
        Directory = directory,
        Name = name,
        Devices = devices,
        Vcpus = 2,
        Xenbus = xenbus,
        MemoryMiB = 16,
        AccessLimit = AccessLimit,
    });

    /// <summary>Waits until the host has said that all devices can be probed.</summary>
    internal void WaitUntilConnected() =>
        Assert.True(_platform.Toolstack.WaitAllConnected(_platform.Devices.Count, Limit), "not all devices are Connected");

    /// <summary>The registers of a device, accessed from the vCPU that the calling thread is on: 0 unless said otherwise.</summary>
    internal VirtioMmioWindow Window(int device) => new(_platform.Machine, _platform.Devices[device].Base);

    /// <summary>The same, at an address.</summary>
    internal VirtioMmioWindow WindowAt(ulong address) => new(_platform.Machine, address);

    /// <summary>Memory for a driver's buffers; disposing it gives them back.</summary>
    internal DeviceMemory NewMemory() => new(_platform.Machine.Memory);

    /// <summary>A device, by default with one queue, brought up to DRIVER_OK as Linux does it.</summary>
    internal VirtioMmioDevice BringUp(int device, int queues = 1)
    {
        VirtioMmioDevice up = SetUp(device, queues);
        up.SetDriverOk();
        return up;
    }

    /// <summary>The same without the last step.</summary>
    internal VirtioMmioDevice SetUp(int device, int queues = 1) => SetUp(_platform.Devices[device], queues);

    /// <summary>The guest's half of a device on xenbus.</summary>
    internal XenbusDriver DriverOf(int device) => _platform.DriverOf(device);

    /// <summary>The same, for a driver that chooses the place of the device itself.</summary>
    internal XenbusDriver DriverOf(int device, ulong place) => new(_platform.Store, _platform.Domain, device) { OwnBase = place };

    /// <summary>Writes what a guest may write, as it stands.</summary>
    internal void Write(string path, string value) => _platform.Store.Write(path, value);

    /// <summary>The same for a device whose place xenbus says.</summary>
    internal VirtioMmioDevice SetUp(GuestDevice place, int queues = 1)
    {
        VirtioMmioDevice up = new(_platform.Machine, place.Base, place.Irq);
        up.Negotiate(0);
        up.SetUpQueues(queues);
        return up;
    }

    /// <summary>Lets the device's driver do its work, from reset to removal; what was wrong, or null.</summary>
    internal string? Drive(int device)
    {
        using DeviceSession session = new(_platform.Devices[device], _platform.Machine, new DriverOptions(1, null));
        return session.Remove(session.Drive(1)).Error;
    }

    /// <summary>Begins something on another vCPU.</summary>
    internal Task<T> OnVcpu<T>(int vcpu, Func<T> access) => Task.Factory.StartNew(
        () =>
        {
            _platform.Machine.RunHere(vcpu);
            return access();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>The toolstack takes all devices away, and waits until the host has let go of them.</summary>
    internal void TakeDevicesAway() => Assert.True(_platform.Toolstack.CloseAll(Limit), "not all devices are Closed");

    /// <summary>The hypervisor destroys the domain; xenstore does not say so yet.</summary>
    internal void DestroySilently(bool destroyed = true) => _platform.Domain.IsDestroyed = destroyed;

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _platform.Dispose();
        }
    }
}
