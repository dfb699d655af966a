namespace XenDmHost.Host.Hypervisor;

/// <summary>How a back-end maps a bank of guest RAM.</summary>
internal enum RamKind
{
    /// <summary>By mmap of the file at its offset.</summary>
    SharedFile,

    /// <summary>By Xen's foreign mapping through the descriptor.</summary>
    Foreign,
}
