using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>A disk and a sound card that do nothing wrong, for one guest at a time.</summary>
public sealed class HealthyBackEnds : IDisposable
{
    private readonly BackEndProcess _disk = BackEndProcess.StartStandIn("blk", "--image", "{dir}/image", "--size", "8388608");
    private readonly BackEndProcess _sound = BackEndProcess.StartStandIn("snd");

    internal string Disk => _disk.Socket;

    internal string DiskImage => Path.Combine(_disk.Folder, "image");

    internal string Sound => _sound.Socket;

    public void Dispose()
    {
        _disk.Dispose();
        _sound.Dispose();
    }
}
