using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>A window of 0x200 bytes that writes down what it is asked, and can hold accesses or fail.</summary>
internal sealed class RecordingDevice(ulong windowBase, ulong size = 0x200) : IMmioDevice
{
    public ulong Base => windowBase;

    public ulong Size => size;

    internal List<(int Vcpu, uint Offset, int Width, ulong? Written)> Accesses { get; } = [];

    internal ulong ReadValue { get; set; } = 0x1122_3344_5566_7788;

    internal bool Hold { get; set; }

    /// <summary>A value whose write to offset 0x50 is the kernel's to answer.</summary>
    internal ulong? KernelsKick { get; set; }

    public bool IsKernels(uint offset, int width, ulong value) => offset == 0x50 && width == 4 && value == KernelsKick;

    internal Exception? Fault { get; set; }

    public bool TryRead(int vcpu, uint offset, int width, out ulong value)
    {
        value = ReadValue;
        return Take(vcpu, offset, width, null);
    }

    public bool TryWrite(int vcpu, uint offset, int width, ulong value) => Take(vcpu, offset, width, value);

    private bool Take(int vcpu, uint offset, int width, ulong? written)
    {
        Accesses.Add((vcpu, offset, width, written));
        return Fault is null ? !Hold : throw Fault;
    }
}
