namespace XenDmHost.Simulation.StandIns.Devices.Scmi;

/// <summary>Status codes (Arm DEN0056, 4.1.4).</summary>
internal enum ScmiStatus
{
    Success = 0,
    NotSupported = -1,
    InvalidParameters = -2,
    NotFound = -4,
    CommunicationError = -7,
}
