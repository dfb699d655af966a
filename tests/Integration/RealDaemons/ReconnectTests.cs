using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.IntegrationTests.RustVmm;

namespace XenDmHost.IntegrationTests.RealDaemons;

/// <summary>
/// The way to a daemon, two hundred times without a pause: to one that stays, and to one that ends with each connection and
/// is started again. Every time the whole handshake and the memory table succeed, with the same process or
/// with another one each time.
/// </summary>
public sealed class ReconnectTests : IDisposable
{
    private const int Rounds = 200;
    private const int MemorySize = 1 << 20;

    private readonly FileDescriptor _memory = Memfd.CreateSealed("guest", MemorySize);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void The_storage_daemon_stays() => Meet(RealDaemon.Storage(), processes: 1);

    [Fact]
    public void The_rust_vmm_back_end_stays()
    {
        string image = Path.GetTempFileName();
        File.WriteAllBytes(image, new byte[1 << 20]);
        Meet(new RealDaemon(RustVmmBinary.Path, "--socket", "{socket}", "--device", "blk", "--image", image), processes: 1);
        File.Delete(image);
    }

    [Fact]
    public void The_file_system_daemon_is_started_again() => Meet(RealDaemon.FileSystem(), processes: Rounds);

    [Fact]
    public void The_gpu_daemon_is_started_again() => Meet(RealDaemon.Gpu(), processes: Rounds);

    private void Meet(RealDaemon daemon, int processes)
    {
        using (daemon)
        {
            for (int round = 0; round < Rounds; round++)
            {
                daemon.MeetOnce(Agree);
            }

            Assert.Equal(Rounds, daemon.Peers.Count);
            Assert.Equal(processes, daemon.Peers.Distinct().Count());
        }
    }

    private VhostUserResult Agree(VhostUserFrontEnd frontEnd)
    {
        MemoryRegion region = new() { GuestAddress = 0x4000_0000, UserAddress = 0x4000_0000, Size = MemorySize, Descriptor = _memory };
        return frontEnd.Negotiate(new() { QueueCount = 1, OfferXenMmap = true }, out _)
            .Then(() => frontEnd.SetFeatures(1UL << 32))
            .Then(() => frontEnd.SetMemTable([region]));
    }
}
