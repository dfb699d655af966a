using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>A file whose open descriptors in this process can be counted, whatever other tests open meanwhile.</summary>
internal sealed class Witness : IDisposable
{
    private readonly string _name = "witness-" + Guid.NewGuid().ToString("N");
    private readonly FileDescriptor _file;

    internal Witness() => _file = Memfd.CreateSealed(_name, 1);

    internal FileDescriptor[] Times(int count) => [.. Enumerable.Repeat(_file, count)];

    internal int OpenCount() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(IsThisFile);

    public void Dispose() => _file.Dispose();

    private bool IsThisFile(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget?.Contains(_name, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;       // another test closed it meanwhile
        }
    }
}
