namespace XenDmHost.Host.VirtioMmio;

/// <summary>What the register file asks of the device's control thread.</summary>
internal enum DeviceCommandKind
{
    /// <summary>DRIVER_OK was set: start the rings that are ready.</summary>
    Start,

    /// <summary>QueueReady was set to 1 on a running device.</summary>
    StartQueue,

    /// <summary>Status was set to 0. The write is held.</summary>
    Reset,

    /// <summary>QueueReady was set to 0 on a running device. The write is held.</summary>
    StopQueue,

    /// <summary>QueueReset was set to 1; it reads 1 until the ring is stopped.</summary>
    ResetQueue,

    /// <summary>A field of the configuration space was written that a guest may write. The write is held.</summary>
    WriteConfig,

    /// <summary>The guest gave the device up (FAILED) or broke a rule; the rings must stop.</summary>
    Fail,
}
