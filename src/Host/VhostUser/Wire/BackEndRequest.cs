namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>
/// The requests that a back-end sends over the socket of SET_BACKEND_REQ_FD (vhost-user.rst, "Back-end message types"):
/// CONFIG_CHANGE_MSG is ConfigChangeMsg.
/// </summary>
internal enum BackEndRequest : uint
{
    IotlbMsg = 1,
    ConfigChangeMsg = 2,
    VringHostNotifierMsg = 3,
    VringCall = 4,
    VringErr = 5,
    SharedObjectAdd = 6,
    SharedObjectRemove = 7,
    SharedObjectLookup = 8,
    ShmemMap = 9,
    ShmemUnmap = 10,
}
