namespace XenDmHost.Host.Hypervisor;

/// <summary>
/// Where a host notes which ioreq server of a guest is its own, for its successor: a guest can have servers of other
/// emulators too, and from outside they look alike.
/// </summary>
internal interface IServerNote
{
    /// <summary>What an earlier host of this very guest has noted, 0 to 7; null when there is nothing.</summary>
    ushort? Id { get; }

    /// <summary>Notes a server, before it is enabled: whoever finds one that is enabled and not noted knows that it is no host's of this folder.</summary>
    void Write(ushort id);

    /// <summary>The server is no more.</summary>
    void Forget();
}
