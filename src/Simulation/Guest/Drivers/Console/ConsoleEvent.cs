namespace XenDmHost.Simulation.Guest.Drivers.Console;

/// <summary>VIRTIO_CONSOLE_* events of the control queues (virtio 1.2, 5.3.6.2).</summary>
internal enum ConsoleEvent : ushort
{
    DeviceReady = 0,
    DeviceAdd = 1,
    PortReady = 3,
    ConsolePort = 4,
    PortOpen = 6,
    PortName = 7,
}
