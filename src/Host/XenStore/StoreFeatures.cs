namespace XenDmHost.Host.XenStore;

/// <summary>What a store may offer beyond the basics (XENSTORE_SERVER_FEATURE_* of xen/io/xs_wire.h).</summary>
[Flags]
internal enum StoreFeatures : uint
{
    None = 0,
    Reconnection = 1,
    ErrorField = 2,
    WatchDepth = 4,
    AnyDomainPermissions = 8,
}
