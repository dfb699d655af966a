using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// One connection to hypervisor.sock. Its event channels live and die with it; ioreq servers, their ranges and pages stay.
/// </summary>
internal sealed class HostConnection(UnixSocket socket, HypercallHandler handler) : IDisposable
{
    private readonly byte[] _packet = new byte[HypercallRequest.Size + 1];
    private readonly List<FileDescriptor> _strays = [];

    /// <summary>The host is gone, or sent a packet that is no request.</summary>
    internal bool Closed { get; private set; }

    /// <summary>What to wait on; it changes with every hypercall and whenever the event fd is closed.</summary>
    internal void AddTargets(List<PollTarget> targets, Action changed)
    {
        targets.Add(new PollTarget(socket.Fd, () => Serve(changed)));
        if (handler.Ports is not { } ports)
        {
            return;
        }

        targets.Add(new PollTarget(ports.Stream.Fd, () => Unmask(ports, changed)));
        foreach (var (number, counter) in ports.WakeUps)
        {
            targets.Add(new PollTarget(counter.Fd, () => ports.WokenUp(number)));
        }
    }

    public void Dispose()
    {
        handler.Dispose();
        socket.Dispose();
    }

    private void Serve(Action changed)
    {
        changed();
        var read = socket.Receive(_packet, _strays);
        _strays.ForEach(fd => fd.Dispose());
        _strays.Clear();
        if (read.WouldBlock)
        {
            return;
        }

        Closed = !HypercallRequest.TryRead(_packet.AsSpan(0, read.Bytes), out var request) || !TryAnswer(request);
    }

    private bool TryAnswer(in HypercallRequest request)
    {
        var result = handler.Execute(request);
        Span<byte> packet = stackalloc byte[HypercallAnswer.Size];
        result.Answer.Write(packet);
        var sent = result.Fd is null ? socket.Send(packet) : socket.Send(packet, result.Fd);
        if (result.CloseAfterSending)
        {
            result.Fd?.Dispose();
        }

        return sent;
    }

    private void Unmask(HostPorts ports, Action changed)
    {
        if (!ports.TryUnmask())
        {
            handler.CloseEventChannels();
            changed();
        }
    }
}
