using CsCheck;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>Whatever a guest does, in whatever order: answered, no exception, bounded.</summary>
public sealed class RandomAccessTests
{
    private const int Vcpus = 4;
    private const int CommandsAtOnce = 1024;

    private static readonly Gen<uint> Offsets = Gen.Frequency(
        (4, Gen.OneOf(
            MmioRegister.Status, MmioRegister.QueueSel, MmioRegister.QueueReady, MmioRegister.QueueReset, MmioRegister.QueueSize,
            MmioRegister.QueueNotify, MmioRegister.DriverFeatures, MmioRegister.DriverFeaturesSel, MmioRegister.DeviceId,
            MmioRegister.QueueDescLow, MmioRegister.QueueDriverLow, MmioRegister.QueueDeviceLow, MmioRegister.Config + 4)),
        (1, Gen.UInt[0, MmioRegister.WindowSize - 8]));

    private static readonly Gen<ulong> Values = Gen.Frequency(
        (3, Gen.OneOf<ulong>(0, 1, 2, 3, 11, 15, 64, 128, 0x4000_0000, 0x4000_1000, ulong.MaxValue)),
        (1, Gen.ULong));

    private static readonly Gen<(int Vcpu, bool Read, uint Offset, int Width, ulong Value)> Accesses = Gen.Select(
        Gen.Int[0, Vcpus - 1], Gen.Bool, Offsets, Gen.Frequency((5, Gen.Const(4)), (1, Gen.OneOf(1, 2, 8))), Values);

    [Fact]
    public void Random_accesses_never_throw_and_each_held_one_is_one_command() =>
        Gen.Select(Accesses.Array[0, 200], Gen.Int[0, 3], Gen.Bool, Gen.Bool).Sample(
            (accesses, lag, running, connected) => Play(accesses, lag, running, connected), iter: 2_000);

    private static void Play((int Vcpu, bool Read, uint Offset, int Width, ulong Value)[] accesses, int lag, bool running, bool connected)
    {
        TestDevice device = new(connected || running);
        if (running)
        {
            device.Run();
        }

        bool[] held = new bool[Vcpus];
        int pending = 0;
        foreach ((int vcpu, bool read, uint offset, int width, ulong value) in accesses)
        {
            // The control thread falls behind by up to "lag" commands, and a vCPU that is held asks nothing.
            while (pending > lag || (held[vcpu] && pending > 0))
            {
                Finish(device, held, ref pending);
            }

            int before = device.Owner.Posted;
            bool answered = read
                ? device.Registers.TryRead(vcpu, offset, width, out _)
                : device.Registers.TryWrite(vcpu, offset, width, value);
            int posted = device.Owner.Posted - before;
            Assert.InRange(posted, answered ? 0 : 1, 1);
            pending += posted;
            held[vcpu] = !answered;
            Assert.InRange(pending, 0, CommandsAtOnce);
        }

        while (pending > 0)
        {
            Finish(device, held, ref pending);
        }

        Assert.DoesNotContain(true, held);
        Assert.True(device.Registers.Commands.IsEmpty);
        AssertUsable(device);
    }

    /// <summary>What the control thread does with one command.</summary>
    private static void Finish(TestDevice device, bool[] held, ref int pending)
    {
        DeviceCommand command = device.Take();
        pending--;
        switch (command.Kind)
        {
            case DeviceCommandKind.Reset: device.Registers.FinishReset(); break;
            case DeviceCommandKind.StopQueue: device.Registers.FinishStopQueue(command.Queue); break;
            case DeviceCommandKind.ResetQueue: device.Registers.FinishResetQueue(command.Queue); break;
        }

        if (command.Vcpu >= 0)
        {
            Assert.True(held[command.Vcpu], $"{command} names a vCPU that is not held");
            held[command.Vcpu] = false;
        }
    }

    /// <summary>Whatever was done to it: after a reset, a driver can use the device.</summary>
    private static void AssertUsable(TestDevice device)
    {
        device.Connect();
        if (!device.Registers.TryWrite(0, MmioRegister.Status, 4, 0))
        {
            Assert.Equal(DeviceCommandKind.Reset, device.Take().Kind);
            device.Registers.FinishReset();
        }

        Assert.Equal(0u, device.Status);
        device.Run();
    }
}
