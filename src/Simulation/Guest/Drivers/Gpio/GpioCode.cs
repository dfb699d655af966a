namespace XenDmHost.Simulation.Guest.Drivers.Gpio;

/// <summary>VIRTIO_GPIO_MSG_* (virtio 1.2, 5.18.6).</summary>
internal enum GpioCode : ushort
{
    GetLineNames = 1,
    GetDirection = 2,
    SetDirection = 3,
    GetValue = 4,
    SetValue = 5,
    IrqType = 6,
}
