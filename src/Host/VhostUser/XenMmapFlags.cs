namespace XenDmHost.Host.VhostUser;

/// <summary>
/// How a back-end maps a region of the 40-byte layout. The specification's text calls the third flag "bit 8"; every
/// implementation that exists uses the value 8 and refuses 0x100.
/// </summary>
[Flags]
internal enum XenMmapFlags : uint
{
    /// <summary>A plain mmap of the descriptor.</summary>
    None = 0,

    /// <summary>The descriptor is /dev/xen/privcmd, and the guest's frames are mapped into it.</summary>
    Foreign = 1,

    /// <summary>The descriptor is /dev/xen/gntdev, and the addresses are grant references.</summary>
    Grant = 2,

    /// <summary>With Grant: pages are mapped when they are touched.</summary>
    NoAdvanceMap = 8,
}
