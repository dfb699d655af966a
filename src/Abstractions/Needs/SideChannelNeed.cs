namespace XenDmHost.Abstractions;

/// <summary>A socket of its own between the back-end and the plugin.</summary>
/// <param name="Request">
/// The vhost-user request that hands the back-end its end of the socket, such as 33 (VHOST_USER_GPU_SET_SOCKET); its
/// payload is empty and the socket is the only file descriptor.
/// </param>
/// <param name="Name">A name for logs, such as "gpu".</param>
public sealed record SideChannelNeed(uint Request, string Name);
