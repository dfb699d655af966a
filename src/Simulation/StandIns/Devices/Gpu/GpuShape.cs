namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>What a gpu stand-in was started as.</summary>
/// <param name="Edid">Offer VIRTIO_GPU_F_EDID, as QEMU's daemon does from 8.0 on and Debian 12's does not.</param>
/// <param name="Dmabuf">Hand scanouts over as descriptors and wait for the answer to each update, as a daemon with a render node does.</param>
/// <param name="Fault">The way of misbehaving on the GPU socket.</param>
internal sealed record GpuShape(bool Edid, bool Dmabuf, GpuFault Fault);
