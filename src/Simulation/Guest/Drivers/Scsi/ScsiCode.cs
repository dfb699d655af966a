namespace XenDmHost.Simulation.Guest.Drivers.Scsi;

/// <summary>The SCSI operation codes that the driver uses (SPC-4, SBC-3).</summary>
internal enum ScsiCode : byte
{
    TestUnitReady = 0x00,
    Inquiry = 0x12,
    ReadCapacity = 0x25,
    Read = 0x28,
    Write = 0x2a,
}
