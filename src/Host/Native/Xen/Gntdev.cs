namespace XenDmHost.Host.Native.Xen;

/// <summary>
/// /dev/xen/gntdev: maps pages that a guest granted to this domain. It cannot be restricted: whoever holds it can map
/// every grant that any guest made to this domain. What was mapped through an open file stays granted until it is unmapped
/// or the last descriptor of the file is closed.
/// </summary>
internal static unsafe class Gntdev
{
    internal const string Path = "/dev/xen/gntdev";

    /// <exception cref="OsException">The device is not there or may not be opened.</exception>
    internal static FileDescriptor Open() => XenDevice.Open(Path);

    /// <summary>Maps one page of a guest, read-only; disposing the mapping gives the grant back.</summary>
    /// <returns>The page, or null when the guest did not grant it.</returns>
    internal static Mapping? TryMapPage(uint domid, uint reference)
    {
        int fd = XenDevice.TryOpen(Path);
        if (fd < 0)
        {
            return null;
        }

        FileDescriptor file = new(fd);
        GntdevMapGrantRef call = new() { Count = 1, Domid = domid, Reference = reference };
        Mapping? page = XenDevice.Control(file, GntdevRequest.MapGrantRef, &call) >= 0
            ? Mapping.TryShared(file, (long)call.Index, XenConstants.PageSize)
            : null;
        if (page is null)
        {
            file.Dispose();
        }

        return page;
    }
}
