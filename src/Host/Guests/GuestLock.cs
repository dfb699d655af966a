namespace XenDmHost.Host.Guests;

/// <summary>Says that this process serves a guest. The kernel ends it with the process, however that ends.</summary>
internal sealed class GuestLock : IDisposable
{
    internal const string Suffix = ".lock";

    private readonly FileStream? _file;

    private GuestLock(FileStream? file) => _file = file;

    /// <summary>Takes it, which one process can at a time.</summary>
    /// <param name="path">The lock's file; it stays, because a file that is removed could be locked twice.</param>
    /// <param name="taken">The lock. Where there can be no file it holds nobody off; what else needs the folder says why there is none.</param>
    /// <param name="problem">Why it is not to be had.</param>
    internal static bool TryTake(string path, out GuestLock? taken, out string problem)
    {
        problem = "";
        taken = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            taken = new GuestLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            problem = $"{path} is locked";
            return false;
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException)
        {
            taken = new GuestLock(null);
            return true;
        }
    }

    public void Dispose() => _file?.Dispose();
}
