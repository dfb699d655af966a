using System.Numerics;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.LayoutTests;

/// <summary>The registers, bits and states of virtio against Linux's headers.</summary>
public sealed class VirtioLayoutTests
{
    private const string LinuxHeaders = "linux-libc-dev";

    [Fact]
    public void The_registers_of_virtio_mmio() =>
        Compiler.Check(new CProgram().Include("linux/virtio_mmio.h", LinuxHeaders).Constants(typeof(MmioRegister), NameOfRegister));

    [Fact]
    public void The_interrupt_bits()
    {
        Compiler.Check(new CProgram().Include("linux/virtio_mmio.h", LinuxHeaders)
            .Constant("VIRTIO_MMIO_INT_VRING", InterruptBits.UsedBuffer, "InterruptBits.UsedBuffer")
            .Constant("VIRTIO_MMIO_INT_CONFIG", InterruptBits.ConfigChange, "InterruptBits.ConfigChange"));
    }

    [Fact]
    public void The_device_status()
    {
        Compiler.Check(new CProgram().Include("linux/virtio_config.h", LinuxHeaders)
            .Constants(typeof(DeviceStatus), name => name == nameof(DeviceStatus.OfDriver) ? null : "VIRTIO_CONFIG_S_" + SnakeCase.Upper(name)));
    }

    [Fact]
    public void The_feature_bits()
    {
        CProgram program = new CProgram().Include("linux/virtio_config.h", LinuxHeaders).Include("linux/virtio_ring.h", LinuxHeaders);
        Bit("VIRTIO_RING_F_INDIRECT_DESC", VirtioFeature.IndirectDesc);
        Bit("VIRTIO_RING_F_EVENT_IDX", VirtioFeature.EventIdx);
        Bit("VIRTIO_F_VERSION_1", VirtioFeature.Version1);
        Bit("VIRTIO_F_ACCESS_PLATFORM", VirtioFeature.AccessPlatform);
        Bit("VIRTIO_F_IN_ORDER", VirtioFeature.InOrder);
        Bit("VIRTIO_F_ORDER_PLATFORM", VirtioFeature.OrderPlatform);
        Bit("VIRTIO_F_RING_RESET", VirtioFeature.RingReset);
        Compiler.Check(program);

        void Bit(string name, ulong mask) => program.Constant(name, BitOperations.Log2(mask), name);
    }

    /// <summary>Linux keeps the old names; it has no name for the newest register, the magic number and the window.</summary>
    private static string? NameOfRegister(string name) => name switch
    {
        nameof(MmioRegister.QueueSizeMax) => "VIRTIO_MMIO_QUEUE_NUM_MAX",
        nameof(MmioRegister.QueueSize) => "VIRTIO_MMIO_QUEUE_NUM",
        nameof(MmioRegister.QueueDriverLow) => "VIRTIO_MMIO_QUEUE_AVAIL_LOW",
        nameof(MmioRegister.QueueDriverHigh) => "VIRTIO_MMIO_QUEUE_AVAIL_HIGH",
        nameof(MmioRegister.QueueDeviceLow) => "VIRTIO_MMIO_QUEUE_USED_LOW",
        nameof(MmioRegister.QueueDeviceHigh) => "VIRTIO_MMIO_QUEUE_USED_HIGH",
        nameof(MmioRegister.QueueReset) or nameof(MmioRegister.Magic) or nameof(MmioRegister.WindowSize) => null,
        _ => "VIRTIO_MMIO_" + SnakeCase.Upper(name),
    };
}
