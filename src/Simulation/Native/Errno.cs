namespace XenDmHost.Simulation.Native;

/// <summary>Linux's error numbers (asm-generic/errno-base.h and errno.h: the same on x86-64 and arm64).</summary>
internal static class Errno
{
    internal const int EINTR = 4, EBADF = 9, EAGAIN = 11, EEXIST = 17, EINVAL = 22, EPIPE = 32, ECONNRESET = 104;

    private static readonly Dictionary<int, string> Names = new (int Number, string Name)[]
    {
        (1, "EPERM"), (2, "ENOENT"), (3, "ESRCH"), (4, "EINTR"), (5, "EIO"), (6, "ENXIO"), (7, "E2BIG"), (9, "EBADF"),
        (11, "EAGAIN"), (12, "ENOMEM"), (13, "EACCES"), (14, "EFAULT"), (16, "EBUSY"), (17, "EEXIST"), (19, "ENODEV"),
        (20, "ENOTDIR"), (21, "EISDIR"), (22, "EINVAL"), (23, "ENFILE"), (24, "EMFILE"), (25, "ENOTTY"),
        (26, "ETXTBSY"), (27, "EFBIG"), (28, "ENOSPC"), (29, "ESPIPE"), (30, "EROFS"), (32, "EPIPE"), (34, "ERANGE"),
        (36, "ENAMETOOLONG"), (38, "ENOSYS"), (71, "EPROTO"), (75, "EOVERFLOW"), (88, "ENOTSOCK"), (90, "EMSGSIZE"),
        (91, "EPROTOTYPE"), (95, "EOPNOTSUPP"), (97, "EAFNOSUPPORT"), (98, "EADDRINUSE"), (99, "EADDRNOTAVAIL"),
        (103, "ECONNABORTED"), (104, "ECONNRESET"), (105, "ENOBUFS"), (106, "EISCONN"), (107, "ENOTCONN"),
        (109, "ETOOMANYREFS"), (110, "ETIMEDOUT"), (111, "ECONNREFUSED"), (114, "EALREADY"), (115, "EINPROGRESS"),
    }.ToDictionary(pair => pair.Number, pair => pair.Name);

    internal static string Name(int errno) =>
        Names.GetValueOrDefault(errno) ?? string.Create(null, $"errno {errno}");
}
