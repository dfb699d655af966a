using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>The thread that answers ioreqs must not make garbage: a collection would hold the guest's vCPUs.</summary>
public sealed class AllocationTests : IDisposable
{
    private const ulong Window = 0x0200_0000;
    private const int Requests = 20_000;
    private static readonly uint[] Ports = [100, 101, 102, 103];
    private readonly TestPage _page = new();

    [Fact]
    public void No_byte_is_allocated_per_answered_request()
    {
        SilentDevice device = new();
        MmioMap map = new();
        map.TryAdd(device);
        SilentChannels channels = new();
        IoreqDispatcher dispatcher = new(_page.Page, channels, map, Ports);
        Serve(dispatcher, device, Requests);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Serve(dispatcher, device, Requests);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(2 * Requests, channels.Notifications);
        Assert.True(device.Kicks > Requests / 8);
        Assert.True(dispatcher.Counters.Reads > Requests / 2);
        Assert.True(dispatcher.Counters.Others > Requests / 8);
    }

    public void Dispose() => _page.Dispose();

    /// <summary>What a driver does all day and some of what it must not do: eight kinds of requests in turn.</summary>
    private void Serve(IoreqDispatcher dispatcher, SilentDevice device, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int vcpu = i % TestPage.Vcpus;
            switch (i % 8)
            {
                case 0: _page.Ask(vcpu, Window + MmioRegister.QueueNotify, 4, read: false, data: 0); break;
                case 1: _page.Ask(vcpu, Window + MmioRegister.InterruptStatus, 4, read: true); break;
                case 2: _page.Ask(vcpu, Window + MmioRegister.InterruptAck, 4, read: false, data: 3); break;
                case 3: _page.Ask(vcpu, Window + MmioRegister.Config + 8, 8, read: true); break;
                case 4: _page.Ask(vcpu, Window + MmioRegister.Config, 4, read: false, data: 1); break;
                case 5: _page.Ask(vcpu, Window + MmioRegister.Status, 4, read: true); break;
                case 6: _page.Ask(vcpu, Window + 0x1000, 4, read: true); break;
                default: _page.Ask(vcpu, Window + MmioRegister.Config + 4, 4, read: false, data: 7); break;
            }

            dispatcher.Serve(vcpu);
            if (device.Registers.Commands.TryTake(out DeviceCommand held))
            {
                dispatcher.Complete(held.Vcpu, null);
            }
        }
    }

    /// <summary>A register file that runs, behind the dispatcher.</summary>
    private sealed class SilentDevice : IMmioDevice, IRegisterFileOwner
    {
        internal SilentDevice()
        {
            RamMap ram = new([(0x4000_0000, 0x10_0000)]);
            Registers = new RegisterFile(
                new RegisterFileLayout { QueueSizes = [64], WritableFields = [new WritableField(4, 4)], IsRam = ram.Contains }, this);
            Registers.PublishConfig(new byte[16]);
            Registers.Publish(new DeviceOffer(2, 1, VirtioFeature.Version1));
            Registers.TryWrite(0, MmioRegister.DriverFeaturesSel, 4, 1);
            Registers.TryWrite(0, MmioRegister.DriverFeatures, 4, 1);
            Registers.TryWrite(0, MmioRegister.Status, 4, 15);
            Assert.True(Registers.Commands.TryTake(out DeviceCommand start));
            Assert.Equal(DeviceCommandKind.Start, start.Kind);
        }

        public ulong Base => Window;

        public ulong Size => MmioRegister.WindowSize;

        internal RegisterFile Registers { get; }

        internal long Kicks { get; private set; }

        public bool TryHoldProbe(int vcpu) => false;

        public bool TryRead(int vcpu, uint offset, int width, out ulong value) => Registers.TryRead(vcpu, offset, width, out value);

        public bool TryWrite(int vcpu, uint offset, int width, ulong value) => Registers.TryWrite(vcpu, offset, width, value);

        public void Kick(int queue) => Kicks++;

        public void CommandPosted(bool held)
        {
        }
    }

    private sealed class SilentChannels : IEventChannels
    {
        internal long Notifications { get; private set; }

        public uint BindInterdomain(uint remotePort) => 0;

        public uint BindWakeUp() => 0;

        public int Wait(Span<uint> ports) => 0;

        public void Unmask(ReadOnlySpan<uint> ports)
        {
        }

        public void Notify(uint localPort) => Notifications++;

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}
