using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>
/// The simulated platform's place for gntdev: a connection to its hypervisor (docs/simulated-platform.md). A peer may have
/// sent any socket, so each answer is waited for with a limit and checked.
/// </summary>
internal sealed class SimulatedGrants : IGrantDevice
{
    private const int PacketSize = 32;
    private const uint MapOp = 16, UnmapOp = 17;
    private const ulong MostPages = 65536;
    private const int TimedOut = 110, ProtocolError = 71;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly UnixSocket _hypervisor;

    /// <param name="connection">The connection; owned from here on.</param>
    internal SimulatedGrants(FileDescriptor connection) => _hypervisor = UnixSocket.From(connection);

    public int TryMap(uint domid, uint first, ulong size, bool writable, out GrantMapping? mapping)
    {
        mapping = null;
        ulong pages = (size + XenMappings.PageSize - 1) / XenMappings.PageSize;
        if (pages > MostPages) return Errno.EINVAL;
        int error = Mapping.TryReserve((long)(pages * XenMappings.PageSize), out Mapping? room);
        ulong done = 0;
        while (error == 0 && done < pages)
        {
            error = MapRun(room!, domid, first + (uint)done, done, pages - done, writable, out ulong mapped);
            done += mapped;
        }
        if (error == 0)
        {
            mapping = new GrantMapping(room!, () => Ask(UnmapOp, domid, first, pages, 0, out _, out _));
            return 0;
        }
        room?.Dispose();
        if (done > 0) Ask(UnmapOp, domid, first, done, 0, out _, out _);
        return error;
    }

    public void Dispose() => _hypervisor.Dispose();

    /// <summary>Pages may follow each other by their references alone; each run in the file comes with an answer of its own.</summary>
    private int MapRun(Mapping room, uint domid, uint first, ulong at, ulong pages, bool writable, out ulong mapped)
    {
        mapped = 0;
        int error = Ask(MapOp, domid, first, pages, writable ? 1UL : 0, out (ulong Offset, ulong Pages) answer, out FileDescriptor? file);
        using (file)
        {
            if (error != 0) return error;
            if (file is null || answer.Pages == 0 || answer.Pages > pages) return ProtocolError;
            mapped = answer.Pages;
            long bytes = (long)(answer.Pages * XenMappings.PageSize);
            return room.TryPlace(file, (long)answer.Offset, (long)(at * XenMappings.PageSize), bytes, writable);
        }
    }

    private int Ask(uint op, uint domid, ulong a, ulong b, ulong c, out (ulong First, ulong Second) values, out FileDescriptor? file)
    {
        (values, file) = (default, null);
        Span<byte> packet = stackalloc byte[PacketSize];
        MemoryMarshal.Write(packet, op);
        MemoryMarshal.Write(packet[4..], domid);
        MemoryMarshal.Write(packet[8..], a);
        MemoryMarshal.Write(packet[16..], b);
        MemoryMarshal.Write(packet[24..], c);
        if (!_hypervisor.Send(packet)) return Errno.EPIPE;
        if (!Poller.WaitReadable(_hypervisor.Fd, AnswerLimit)) return TimedOut;
        List<FileDescriptor> files = [];
        SocketRead read = _hypervisor.Receive(packet, files);
        file = files.FirstOrDefault();
        files.Skip(1).ToList().ForEach(stray => stray.Dispose());
        if (read.Bytes != PacketSize) return ProtocolError;
        values = (MemoryMarshal.Read<ulong>(packet[8..]), MemoryMarshal.Read<ulong>(packet[16..]));
        return -MemoryMarshal.Read<int>(packet);
    }
}
