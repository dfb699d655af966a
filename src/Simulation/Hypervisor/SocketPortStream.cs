using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>The simulation's end of an event fd: port numbers go out, numbers to unmask come back.</summary>
internal sealed class SocketPortStream(UnixSocket socket) : IPortStream, IDisposable
{
    private readonly byte[] _incoming = new byte[1024];
    private readonly List<FileDescriptor> _strays = [];
    private int _held;

    internal FileDescriptor Fd => socket.Fd;

    public void Send(uint port)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, port);
        if (!socket.Send(number))
        {
            socket.Shutdown();
        }
    }

    /// <summary>Takes what the host wrote back; false at the end of the stream.</summary>
    internal bool TryReadUnmasked(List<uint> numbers)
    {
        var read = socket.Receive(_incoming.AsSpan(_held), _strays);
        CloseStrays();
        if (read.WouldBlock || read.Bytes == 0)
        {
            return read.WouldBlock;
        }

        var bytes = _incoming.AsSpan(0, _held + read.Bytes);
        while (bytes.Length >= sizeof(uint))
        {
            numbers.Add(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            bytes = bytes[sizeof(uint)..];
        }

        bytes.CopyTo(_incoming);
        _held = bytes.Length;
        return true;
    }

    public void Dispose() => socket.Dispose();

    private void CloseStrays()
    {
        _strays.ForEach(fd => fd.Dispose());
        _strays.Clear();
    }
}
