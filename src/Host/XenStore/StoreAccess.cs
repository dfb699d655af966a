namespace XenDmHost.Host.XenStore;

/// <summary>What a domain may do with a node, by the letter that stands for it on the wire.</summary>
internal enum StoreAccess
{
    None = 'n',
    Read = 'r',
    Write = 'w',
    Both = 'b',
}
