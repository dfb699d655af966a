namespace XenDmHost.Simulation.Guest.Drivers.Gpio;

/// <summary>VIRTIO_GPIO_DIRECTION_*.</summary>
internal enum GpioDirection : byte
{
    None = 0,
    Out = 1,
    In = 2,
}
