namespace XenDmHost.Simulation.Store;

/// <summary>The errors that the simulated store answers; the wire carries their names.</summary>
internal enum StoreErrno
{
    None,
    EINVAL,
    EACCES,
    EEXIST,
    ENOENT,
    ENOSYS,
    EBUSY,
    EAGAIN,
    E2BIG,
}
