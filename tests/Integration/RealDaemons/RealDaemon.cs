using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.IntegrationTests.RealDaemons;

/// <summary>A real daemon as the host starts it, in a folder of its own, started again whenever it has ended.</summary>
internal sealed class RealDaemon : IDisposable
{
    private const int LimitMs = 60_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("daemon").FullName;
    private readonly DaemonLauncher _launcher = new();
    private readonly EventFd _wakeUp = EventFd.Create();
    private readonly BackEndLink _link;

    /// <param name="command">The command; {socket} and {dir} are filled in.</param>
    internal RealDaemon(params string[] command)
    {
        string[] launch = [.. command.Select(part => part
            .Replace("{socket}", Socket, StringComparison.Ordinal)
            .Replace("{dir}", _folder, StringComparison.Ordinal))];
        DeviceLimits limits = DeviceLimits.Default with { ConnectBackoffMaxMs = 50 };
        _link = new BackEndLink(new BackEndPlan(Socket, false, launch, true), limits, _launcher, _wakeUp, NullLogger.Instance);
    }

    /// <summary>The process at the other end of each connection that was agreed on.</summary>
    internal List<int> Peers { get; } = [];

    internal string Socket => Path.Combine(_folder, "s");

    internal static RealDaemon Storage() => new(
        "qemu-storage-daemon", "--blockdev", "driver=null-co,node-name=f0,size=1048576,read-zeroes=on", "--export",
        "type=vhost-user-blk,id=e0,node-name=f0,addr.type=unix,addr.path={socket},writable=on,num-queues=1");

    internal static RealDaemon FileSystem() =>
        new("/usr/lib/qemu/virtiofsd", "--socket-path={socket}", "-o", "source={dir}", "-o", "sandbox=chroot");

    internal static RealDaemon Gpu() => new("/usr/lib/qemu/vhost-user-gpu", "-s", "{socket}");

    /// <summary>Connects and agrees, as often as it takes within the limit; then the connection is closed.</summary>
    /// <returns>How many attempts that took.</returns>
    internal int MeetOnce(Func<VhostUserFrontEnd, VhostUserResult> agree)
    {
        long deadline = Environment.TickCount64 + LimitMs;
        Span<int> ready = stackalloc int[1];
        for (int attempts = 1; ; attempts++)
        {
            using UnixSocket? socket = _link.TryConnect();
            if (socket is not null)
            {
                using VhostUserFrontEnd frontEnd = new(socket);
                VhostUserResult result = agree(frontEnd);
                if (result.IsOk)
                {
                    _link.Succeeded();
                    Peers.Add(PeerOf(socket));
                    return attempts;
                }

                _link.Refused(result.ToString());
            }

            Assert.True(Environment.TickCount64 < deadline, "the daemon does not come back");
            Poller.Wait([_wakeUp.Descriptor], [Libc.PollIn], (int)Math.Clamp(_link.DueAt - Environment.TickCount64, 0, 1000), ready);
            _wakeUp.TryDrain();
        }
    }

    /// <summary>What `probe` finds, as soon as the daemon answers.</summary>
    internal BackEndReport Probe()
    {
        BackEndReport? report = null;
        MeetOnce(frontEnd =>
        {
            (report, VhostUserResult result) = BackEndProbe.Ask(frontEnd);
            return result;
        });
        return report!;
    }

    /// <summary>SO_PEERCRED (unix(7)): the process that listened, as the kernel knows it.</summary>
    private static int PeerOf(UnixSocket socket)
    {
        const int SolSocket = 1, SoPeercred = 17;
        Span<byte> credentials = stackalloc byte[12];
        using System.Net.Sockets.SafeSocketHandle handle = new(socket.Descriptor.Value, ownsHandle: false);
        using System.Net.Sockets.Socket view = new(handle);
        view.GetRawSocketOption(SolSocket, SoPeercred, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }

    public void Dispose()
    {
        _link.Dispose();
        _launcher.Dispose();
        _wakeUp.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
