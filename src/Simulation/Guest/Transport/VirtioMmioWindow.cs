namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>The registers of one virtio-mmio device, accessed from the vCPU that the calling thread runs on.</summary>
internal sealed class VirtioMmioWindow(Machine machine, ulong start)
{
    /// <summary>Bytes of a window on Arm guests of Xen (VIRTIO_MMIO_DEV_SIZE).</summary>
    internal const uint Size = 0x200;

    internal ulong Start { get; } = start;

    internal uint Read(MmioRegister register) => (uint)machine.CurrentVcpu.Read(Start + (uint)register, 4);

    internal void Write(MmioRegister register, uint value) => machine.CurrentVcpu.Write(Start + (uint)register, 4, value);

    /// <summary>One access of 1, 2 or 4 bytes to the device's configuration.</summary>
    internal uint ReadConfig(int offset, uint size) => (uint)machine.CurrentVcpu.Read(ConfigAddress(offset), size);

    internal void WriteConfig(int offset, uint size, uint value) => machine.CurrentVcpu.Write(ConfigAddress(offset), size, value);

    private ulong ConfigAddress(int offset) => Start + (uint)MmioRegister.Config + (uint)offset;
}
