using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;
using XenDmHost.Host.VirtioMmio;
using XenDmHost.UnitTests.Guests;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>No garbage on the whole way of an access: a device of a guest, its registers in a mapped file, kicks that the kernel shares.</summary>
public sealed class DeviceAllocationTests : IAnswer, IDisposable
{
    private const ulong Window = 0x0200_0000;
    private const int Rounds = 5_000;
    private const int Vcpu = 1, OtherVcpu = 2;
    private static readonly uint[] Ports = [100, 101, 102, 103];

    private readonly TestPage _page = new();
    private readonly FakeEventChannels _channels = new();
    private readonly string _file = Path.GetTempFileName();
    private readonly Mapping _registers;
    private readonly EventFd _kick = EventFd.Create();
    private readonly SharedSlots _shared = new(TestPage.Vcpus, () => { }) { IsShared = true };
    private readonly GuestDevice _device;
    private readonly IoreqDispatcher _dispatcher;
    private int _answered;

    public DeviceAllocationTests()
    {
        _registers = Mapping.OfFile(_file, 4096);
        RegisterFileLayout layout = new() { QueueSizes = [64, 64], WritableFields = [new WritableField(4, 4)], IsRam = (_, _) => true };
        _device = new GuestDevice(
            Window, layout, new RegisterMemory(new RegisterPage(_registers), layout.QueueSizes.Count), new KernelLine(routes: false), 1000, new HeldProbes(this, 60_000));
        MmioMap map = new();
        map.TryAdd(_device);
        for (int port = 0; port < Ports.Length; port++)
        {
            _channels.BindInterdomain((uint)port);
        }

        _dispatcher = new IoreqDispatcher(_page.Page, _channels, map, Ports, _shared);
        _device.Kicks.Set(0, _kick);
        _device.SetKernelKick(1, true);
        _device.Registers.PublishConfig(new byte[16]);
        Run();
        _device.Registers.Commands.TryTake(out _);
    }

    public void Dispose()
    {
        _device.Dispose();
        _shared.Dispose();
        _kick.Dispose();
        _registers.Dispose();
        _page.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void Kicks_registers_and_the_configuration_space_are_answered_without_a_byte() => AssertNoByte(() =>
    {
        Write(MmioRegister.QueueNotify, 0);
        _kick.TryDrain();
        Read(MmioRegister.InterruptStatus);
        Write(MmioRegister.InterruptAck, 3);
        Read(MmioRegister.Status);
        Write(MmioRegister.QueueSel, 1);
        Read(MmioRegister.QueueReady);
        Read(MmioRegister.Config + 4);
        Read(0x1000);
        MustBe(IoreqState.ResponseReady, _page.State(Vcpu));
    });

    [Fact]
    public void A_write_that_is_held_is_posted_and_answered_without_a_byte() => AssertNoByte(() =>
    {
        Write(MmioRegister.Config + 4, 7);
        MustBe(IoreqState.InProcess, _page.State(Vcpu));
        _device.Registers.Commands.TryTake(out DeviceCommand held);
        _dispatcher.Complete(held.Vcpu, null);
        _device.HoldEnded();
        MustBe(IoreqState.ResponseReady, _page.State(Vcpu));
    });

    [Fact]
    public void A_probe_that_is_held_is_answered_without_a_byte()
    {
        _device.Registers.Publish(null);
        AssertNoByte(() =>
        {
            Read(MmioRegister.DeviceId);
            MustBe(IoreqState.InProcess, _page.State(Vcpu));
            _device.Probes.Answer(2);
            _dispatcher.Complete(Vcpu, 2);
        });
        Assert.Equal(2 * Rounds, _answered);
    }

    [Fact]
    public void A_kick_is_left_to_the_kernel_or_taken_from_it_without_a_byte() => AssertNoByte(() =>
    {
        // The kernel takes this one, and another it has never seen.
        Write(MmioRegister.QueueNotify, 1);
        MustBe(IoreqState.Ready, _page.State(Vcpu));
        _page.SetState(Vcpu, IoreqState.ResponseReady);
        _page.Ask(OtherVcpu, Window + MmioRegister.QueueNotify, 4, read: false, 1);
        Serve(OtherVcpu);
        _dispatcher.LookAgain();
        _dispatcher.LookAgain();
        MustBe(IoreqState.ResponseReady, _page.State(OtherVcpu));
    });

    void IAnswer.Complete(int vcpu, ulong? value) => _answered++;

    /// <summary>Up to DRIVER_OK.</summary>
    private void Run()
    {
        _device.Registers.TryWrite(0, MmioRegister.Status, 4, 3);
        _device.Registers.Publish(new DeviceOffer(2, 1, VirtioFeature.Version1));
        _device.Registers.TryWrite(0, MmioRegister.DriverFeaturesSel, 4, 1);
        _device.Registers.TryWrite(0, MmioRegister.DriverFeatures, 4, 1);
        _device.Registers.TryWrite(0, MmioRegister.Status, 4, 15);
        Assert.True(_device.Registers.IsDriverOk);
    }

    private static void AssertNoByte(Action round)
    {
        Repeat(round);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(round);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>xunit's own allocate.</summary>
    private static void MustBe(int expected, int state)
    {
        if (state != expected)
        {
            Assert.Fail($"the slot's state is {state} and not {expected}");
        }
    }

    private static void Repeat(Action round)
    {
        for (int i = 0; i < Rounds; i++)
        {
            round();
        }
    }

    private void Read(ulong offset)
    {
        _page.Ask(Vcpu, Window + offset, 4, read: true);
        Serve(Vcpu);
    }

    private void Write(ulong offset, ulong value)
    {
        _page.Ask(Vcpu, Window + offset, 4, read: false, value);
        Serve(Vcpu);
    }

    private void Serve(int vcpu)
    {
        _shared.Event(vcpu);
        _dispatcher.Serve(vcpu);
    }
}
