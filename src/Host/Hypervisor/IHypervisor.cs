namespace XenDmHost.Host.Hypervisor;

/// <summary>
/// The seam under everything: what the host asks of a hypervisor. Behind it are Xen's devices and ioctls, or the
/// simulated platform; above it the code is the same.
/// </summary>
internal interface IHypervisor : IDisposable
{
    /// <summary>Opens a domain that exists.</summary>
    /// <param name="domid">The domain.</param>
    /// <param name="memory">What the toolstack says about its memory.</param>
    /// <exception cref="Native.OsException">ESRCH when there is no such domain.</exception>
    IDomain OpenDomain(uint domid, GuestMemorySize memory);
}
