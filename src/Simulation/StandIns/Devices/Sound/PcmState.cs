namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>Where a stream is in its life cycle (virtio 1.3, 5.14.6.6.1).</summary>
internal enum PcmState
{
    /// <summary>Never had parameters.</summary>
    Initial,
    ParametersSet,
    Prepared,
    Running,
    Stopped,
    Released,
}
