using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>A device of the guest that has a node in xenstore and is served. Called on the thread of the store's callbacks.</summary>
internal interface IServedNode : IDisposable
{
    VirtioNodeAddress Address { get; }

    /// <summary>The window is claimed: the guest may touch the device.</summary>
    bool IsClaimed { get; }

    /// <summary>The back-end daemon is there.</summary>
    void BackEndReady();

    /// <summary>The toolstack wants the device gone, or its node is gone.</summary>
    void Changed(VirtioNodeChange change);
}
