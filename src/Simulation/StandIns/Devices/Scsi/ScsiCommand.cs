namespace XenDmHost.Simulation.StandIns.Devices.Scsi;

/// <summary>The SCSI operation codes that are served (SPC-4, SBC-3).</summary>
internal enum ScsiCommand : byte
{
    TestUnitReady = 0x00,
    Inquiry = 0x12,
    ReadCapacity10 = 0x25,
    Read10 = 0x28,
    Write10 = 0x2a,
    SynchronizeCache10 = 0x35,
    ReportLuns = 0xa0,
}
