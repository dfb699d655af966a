using System.Diagnostics;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.IntegrationTests.VhostUser;

/// <summary>Debian's qemu-storage-daemon serving one disk image over vhost-user, in a folder of its own.</summary>
internal sealed class StorageDaemon : IDisposable
{
    internal const string Install = "apt-get install --no-install-recommends qemu-system-common";
    private const string Name = "qemu-storage-daemon";
    private const int StartMs = 30_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("storage-daemon").FullName;
    private readonly Process _process;

    internal StorageDaemon(byte[] image, int queues = 1)
    {
        File.WriteAllBytes(ImagePath, image);
        ProcessStartInfo start = new(Find()) { RedirectStandardError = true, RedirectStandardOutput = true };
        Array.ForEach(
            [
                "--blockdev", $"driver=file,node-name=f0,filename={ImagePath}",
                "--export", $"type=vhost-user-blk,id=e0,node-name=f0,addr.type=unix,addr.path={SocketPath},writable=on,num-queues={queues}",
            ],
            start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();      // a pipe that nobody reads would stop the daemon
        _process.BeginOutputReadLine();
    }

    internal string ImagePath => Path.Combine(_folder, "disk.img");

    private string SocketPath => Path.Combine(_folder, "disk.sock");

    /// <summary>Connects as soon as the daemon listens.</summary>
    internal UnixSocket Connect()
    {
        using BackEndConnector connector = BackEndConnector.ConnectTo(SocketPath);
        using FileSystemWatcher watcher = new(_folder) { EnableRaisingEvents = true };
        RetryDelay delay = new(maximumMs: 200);
        long deadline = Environment.TickCount64 + StartMs;
        ConnectAttempt attempt = connector.TryOnce();
        while (!attempt.IsConnected)
        {
            Assert.True(Environment.TickCount64 < deadline, attempt.Problem);
            Assert.False(_process.HasExited, "qemu-storage-daemon ended: is another version installed?");
            watcher.WaitForChanged(WatcherChangeTypes.Created, delay.NextMs());
            attempt = connector.TryOnce();
        }

        return attempt.Socket!;
    }

    internal void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(StartMs));
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return folders.Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{Name} is not installed: {Install}");
    }
}
