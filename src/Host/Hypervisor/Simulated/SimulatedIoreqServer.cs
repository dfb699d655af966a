using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>An ioreq server of the simulation.</summary>
internal sealed class SimulatedIoreqServer : IIoreqServer
{
    private const int PageSize = 4096;
    private const ulong Servers = 8;

    private readonly HypercallSocket _calls;
    private readonly uint _domid;
    private readonly ulong _id;

    private SimulatedIoreqServer(HypercallSocket calls, uint domid, ulong id, bool adopted, Mapping page)
    {
        _calls = calls;
        _domid = domid;
        _id = id;
        Adopted = adopted;
        Page = page;
    }

    public Mapping Page { get; }

    public bool Adopted { get; }

    internal static SimulatedIoreqServer AdoptOrCreate(HypercallSocket calls, uint domid, IServerNote note)
    {
        ulong? left = FindPredecessor(calls, domid, note.Id);
        ulong id = left ?? calls.Call(HypercallOp.CreateIoreqServer, domid).V0;
        note.Write((ushort)id);
        using FileDescriptor memory = SimulatedDomain.Expect(calls.Call(HypercallOp.MapIoreqPage, domid, id));
        Mapping page = Mapping.Shared(memory, 0, PageSize, writable: true, "ioreq page");

        // The ports of the slots are there once the server is enabled, and only if its page exists by then.
        calls.Call(HypercallOp.SetIoreqServerState, domid, id, 1);
        return new SimulatedIoreqServer(calls, domid, id, left is not null, page);
    }

    public void MapRange(ulong start, ulong size)
    {
        int result = _calls.TryCall(HypercallOp.MapIoRange, _domid, _id, start, start + size - 1).Result;
        if (result < 0 && result != -Errno.EEXIST)
        {
            throw new OsException("map_io_range", $"0x{start:x}", -result);
        }
    }

    public void UnmapRange(ulong start, ulong size)
    {
        try
        {
            _calls.TryCall(HypercallOp.UnmapIoRange, _domid, _id, start, start + size - 1);
        }
        catch (OsException)
        {
            // A simulation that is gone claims nothing any more.
        }
    }

    public void Dispose() => Page.Dispose();

    /// <summary>Here all servers are those of hosts; what is noted is one of them, and the right one if there are several.</summary>
    private static ulong? FindPredecessor(HypercallSocket calls, uint domid, ushort? noted)
    {
        for (ulong id = 0; id < Servers; id++)
        {
            if ((noted ?? id) == id && calls.TryCall(HypercallOp.GetIoreqServerInfo, domid, id).Result == 0)
            {
                return id;
            }
        }

        return null;
    }
}
