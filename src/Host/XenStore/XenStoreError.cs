namespace XenDmHost.Host.XenStore;

/// <summary>
/// What became of a request. The names in capitals are the store's own (xs_wire.h, <c>xsd_errors</c>); the others say
/// that no answer came, or none that the protocol allows.
/// </summary>
internal enum XenStoreError
{
    None = 0,

    /// <summary>The connection is not there, or went away before the answer came. What became of the request is unknown.</summary>
    Disconnected,

    /// <summary>No answer within the request's time limit. What became of the request is unknown.</summary>
    TimedOut,

    /// <summary>The answer is not one that the protocol allows.</summary>
    Malformed,

    EINVAL,
    EACCES,
    EEXIST,
    EISDIR,
    ENOENT,
    ENOMEM,
    ENOSPC,
    EIO,
    ENOTEMPTY,
    ENOSYS,
    EROFS,
    EBUSY,
    EAGAIN,
    EISCONN,
    E2BIG,
    EPERM,
}
