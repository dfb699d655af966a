using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>One connection to hypervisor.sock.</summary>
internal sealed class HypercallClient(string path, uint domid) : IDisposable
{
    private readonly UnixSocket _socket = UnixSocket.Connect(path, UnixSocketKind.SeqPacket);

    internal (HypercallAnswer Answer, FileDescriptor? Fd) Call(HypercallOp op, ulong a = 0, ulong b = 0, ulong c = 0)
    {
        var request = new HypercallRequest { Op = op, DomId = domid, A = a, B = b, C = c };
        var packet = new byte[HypercallRequest.Size];
        System.Runtime.InteropServices.MemoryMarshal.Write(packet, in request);
        Assert.True(_socket.Send(packet));
        return Receive();
    }

    /// <summary>A call that must succeed.</summary>
    internal (HypercallAnswer Answer, FileDescriptor? Fd) Must(HypercallOp op, ulong a = 0, ulong b = 0, ulong c = 0)
    {
        var result = Call(op, a, b, c);
        Assert.Equal(0, result.Answer.Result);
        return result;
    }

    internal int Error(HypercallOp op, ulong a = 0, ulong b = 0, ulong c = 0) => -Call(op, a, b, c).Answer.Result;

    /// <summary>True when the server closed the connection instead of answering.</summary>
    internal bool IsClosedAfter(byte[] packet)
    {
        _socket.Send(packet);
        Assert.True(Poller.WaitReadable(_socket.Fd, TimeSpan.FromSeconds(60)));
        return _socket.Receive(new byte[64], []).Bytes == 0;
    }

    public void Dispose() => _socket.Dispose();

    private (HypercallAnswer Answer, FileDescriptor? Fd) Receive()
    {
        Assert.True(Poller.WaitReadable(_socket.Fd, TimeSpan.FromSeconds(60)), "no answer to a hypercall");
        var packet = new byte[HypercallAnswer.Size];
        List<FileDescriptor> fds = [];
        Assert.Equal(HypercallAnswer.Size, _socket.Receive(packet, fds).Bytes);
        return (System.Runtime.InteropServices.MemoryMarshal.Read<HypercallAnswer>(packet), fds.SingleOrDefault());
    }
}
