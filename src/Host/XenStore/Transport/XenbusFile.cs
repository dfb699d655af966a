using XenDmHost.Host.Native;

namespace XenDmHost.Host.XenStore.Transport;

/// <summary>/dev/xen/xenbus itself.</summary>
internal sealed class XenbusFile : IXenbusFile
{
    private readonly CharacterDevice _device;

    internal XenbusFile(CharacterDevice device) => _device = device;

    /// <summary>Opens the device.</summary>
    /// <exception cref="OsException">It is not there, or this process may not use it.</exception>
    internal static XenbusFile Open(string path) => new(CharacterDevice.Open(path, AdviceFor));

    public int Write(ReadOnlySpan<byte> message) => _device.Write(message);

    public int Read(Span<byte> buffer) => _device.Read(buffer);

    public void Close() => _device.Close();

    public void Dispose() => _device.Dispose();

    private static string AdviceFor(int errno) => errno switch
    {
        Errno.ENOENT => "is this a Xen domain, and is xenstored running (modprobe xen-xenbus-dev on old kernels)?",
        Errno.EACCES or Errno.EPERM => "run as root",
        _ => "is this a Xen domain whose kernel has CONFIG_XENFS or CONFIG_XEN_BACKEND?",
    };
}
