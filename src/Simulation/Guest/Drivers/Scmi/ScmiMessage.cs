namespace XenDmHost.Simulation.Guest.Drivers.Scmi;

/// <summary>The messages of the base and the sensor protocol that the driver sends: protocol id 15:8, message id 7:0.</summary>
internal enum ScmiMessage
{
    BaseVersion = 0x1000,
    BaseAttributes = 0x1001,
    BaseDiscoverVendor = 0x1003,
    BaseDiscoverSubVendor = 0x1004,
    BaseDiscoverListProtocols = 0x1006,
    SensorVersion = 0x1500,
    SensorAttributes = 0x1501,
    SensorDescriptionGet = 0x1503,
    SensorReadingGet = 0x1506,
    SensorConfigSet = 0x150a,
}
