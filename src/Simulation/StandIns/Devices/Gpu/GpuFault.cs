namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>Ways of misbehaving on the GPU socket, once its protocol features are agreed on; README.md says what each one does.</summary>
internal enum GpuFault
{
    None,
    UnknownRequest,
    OversizedRequest,
    WrongScanout,
    HugeScanout,
    ShortUpdate,
    UpdateOutside,
    UnexpectedFds,
    EndlessRequest,
    EarlyClose,
    DmabufOfNoScanout,
}
