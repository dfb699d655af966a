using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>A guest of the simulation, over one connection that owns its event channels.</summary>
internal sealed class SimulatedDomain : IDomain
{
    private const ulong PageSize = 4096;

    private const ulong GrantBit = 1UL << 63;

    private readonly string _directory;
    private readonly HypercallSocket _calls;
    private readonly List<RamBank> _banks;

    private SimulatedDomain(string directory, HypercallSocket calls, uint domid, int vcpuCount, List<RamBank> banks)
    {
        _directory = directory;
        _calls = calls;
        _banks = banks;
        Domid = domid;
        VcpuCount = vcpuCount;
    }

    public uint Domid { get; }

    public int VcpuCount { get; }

    public IReadOnlyList<RamBank> RamBanks => _banks;

    internal static SimulatedDomain Open(string directory, uint domid)
    {
        HypercallSocket calls = new(directory);
        List<RamBank> banks = [];
        try
        {
            HypercallAnswer domain = calls.Call(HypercallOp.GetDomain, domid);
            for (ulong i = 0; i < domain.V0; i++)
            {
                banks.Add(OpenBank(calls, domid, i));
            }

            int vcpus = (int)Math.Clamp(domain.V1, 1, 128);
            return new SimulatedDomain(directory, calls, domid, vcpus, banks);
        }
        catch
        {
            banks.ForEach(bank => bank.Descriptor.Dispose());
            calls.Dispose();
            throw;
        }
    }

    public IReadOnlyList<RamBank> FindPopulatedRam(Func<bool> isOver)
    {
        _calls.Call(HypercallOp.GetDomain, Domid);
        return _banks;
    }

    public bool HasGrants => true;

    /// <summary>A connection of its own, which is good for nothing but grants: what it has mapped ends with it.</summary>
    public FileDescriptor OpenGrants()
    {
        HypercallSocket grants = new(_directory);
        try
        {
            grants.Call(HypercallOp.OpenGrants, Domid);
            return grants.Descriptor;
        }
        catch
        {
            grants.Dispose();
            throw;
        }
    }

    public Mapping? TryMapPage(ulong guestAddress)
    {
        if ((guestAddress & GrantBit) != 0)
        {
            return TryMapGrant((guestAddress & ~GrantBit) / PageSize);
        }

        RamBank? bank = _banks.Find(bank => guestAddress >= bank.GuestAddress && guestAddress - bank.GuestAddress < bank.Size);
        if (bank is null)
        {
            return null;
        }

        ulong offset = bank.FileOffset + (guestAddress - bank.GuestAddress);
        return Mapping.Shared(bank.Descriptor, (long)(offset & ~(PageSize - 1)), (int)PageSize, writable: false, "guest page");
    }

    public IIoreqServer OpenIoreqServer(IServerNote note) => SimulatedIoreqServer.AdoptOrCreate(_calls, Domid, note);

    public IEventChannels OpenEventChannels() => new SimulatedEventChannels(_calls, Domid);

    public IInterruptLine OpenInterrupt(uint irq) =>
        new SimulatedInterruptLine(new EventFd(Expect(_calls.Call(HypercallOp.OpenIrq, Domid, irq))));

    public IInterruptLine OpenEventChannelInterrupt(uint guestPort)
    {
        HypercallAnswer answer = _calls.Call(HypercallOp.BindInterdomain, Domid, guestPort);
        EventFd signal = new(Expect(answer));
        return new SimulatedEventChannelLine(_calls, (uint)answer.V0, signal);
    }

    public void Dispose()
    {
        _banks.ForEach(bank => bank.Descriptor.Dispose());
        _calls.Dispose();
    }

    private Mapping? TryMapGrant(ulong reference)
    {
        using HypercallSocket grants = new(_directory);
        grants.Call(HypercallOp.OpenGrants, Domid);
        HypercallAnswer page = grants.TryCall(HypercallOp.MapGrants, Domid, reference, 1);
        using FileDescriptor? memory = page.Descriptor;
        return page.Result < 0 ? null : Mapping.Shared(Expect(page), (long)page.V0, (int)PageSize, writable: false, "granted page");
    }

    internal static FileDescriptor Expect(HypercallAnswer answer) =>
        answer.Descriptor ?? throw new OsException("recvmsg", "simulation", Errno.EPROTO, "a descriptor is missing in an answer");

    private static RamBank OpenBank(HypercallSocket calls, uint domid, ulong index)
    {
        HypercallAnswer bank = calls.Call(HypercallOp.GetBank, domid, index);
        FileDescriptor memory = Expect(bank);
        long size = Memfd.SizeOf(memory);
        bool inside = size >= 0 && bank.V2 <= (ulong)size && bank.V1 <= (ulong)size - bank.V2;
        if (!inside || !Memfd.IsSealedAgainstShrinking(memory))
        {
            // A back-end gets this descriptor: without the seal it could take the pages away under everybody else.
            memory.Dispose();
            throw new OsException("fcntl", "simulation", Errno.EPROTO, "the guest's RAM is not a memfd sealed against shrinking");
        }

        return new RamBank(bank.V0, bank.V1, memory, bank.V2, RamKind.SharedFile);
    }
}
