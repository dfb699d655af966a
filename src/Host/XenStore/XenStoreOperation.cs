namespace XenDmHost.Host.XenStore;

/// <summary>Message types of the store's wire protocol (<c>enum xsd_sockmsg_type</c>, xen/io/xs_wire.h) that a client uses.</summary>
internal enum XenStoreOperation : uint
{
    Control = 0,
    Directory = 1,
    Read = 2,
    GetPermissions = 3,
    Watch = 4,
    Unwatch = 5,
    TransactionStart = 6,
    TransactionEnd = 7,
    GetDomainPath = 10,
    Write = 11,
    Mkdir = 12,
    Remove = 13,
    SetPermissions = 14,
    WatchEvent = 15,
    Error = 16,
    IsDomainIntroduced = 17,
    DirectoryPart = 22,
    GetFeature = 23,
}
