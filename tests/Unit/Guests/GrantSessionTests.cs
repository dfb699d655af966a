using System.Buffers.Binary;
using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;
using XenDmHost.Host.VirtioMmio;
using XenDmHost.UnitTests.VhostUser;

namespace XenDmHost.UnitTests.Guests;

/// <summary>
/// Rings in memory that a guest grants: what the back-end is told, and when; and rings whose signals go by the kernel. The
/// flags are those that back-ends take: 2 for what is mapped at once, 0xa for what is mapped when it is touched.
/// </summary>
public sealed class GrantSessionTests : IDisposable
{
    private const ulong Bit = GrantTable.AddressBit;
    private readonly FakeBackEnd _backEnd = new FakeBackEnd { ProtocolFeatures = 0x2_0209 }.Negotiated(xenMmap: true);
    private readonly GrantingDomain _domain = new();
    private readonly CallRelay _relay = new("test");
    private readonly RegisterMemory _memory = new(2);
    private readonly List<string> _kicks = [];
    private readonly List<IDisposable> _owned = [];

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        _backEnd.Dispose();
        _relay.Dispose();
        _domain.Dispose();
    }

    [Fact]
    public void Pages_of_rings_are_mapped_at_once_and_the_rest_when_it_is_touched()
    {
        BackEndSession session = Session();
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal(
            [(Bit, 0x8000u, 0xau), (Bit + 0x8000, 0x3000u, 2u), (Bit + 0xb000, (1UL << 44) - 0xb000, 0xau)],
            Table());
        Assert.Equal(3, _backEnd.Last(FrontEndRequest.SetMemTable).Descriptors.Count);
        Assert.All(_domain.Opened, file => Assert.True(file.IsClosed));
        Assert.True(session.HasGrants);

        List<string> order = [.. _backEnd.Names];
        Assert.True(order.IndexOf("SET_MEM_TABLE") < order.IndexOf("SET_VRING_ADDR"));
    }

    [Fact]
    public void At_a_reset_the_back_end_lets_go_of_the_pages_after_its_rings_and_before_the_guest_goes_on()
    {
        BackEndSession session = Session();
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Ok(session.StopRings(reset: true));
        Assert.Equal([(Bit, 1UL << 44, 0xau)], Table());
        List<string> order = [.. _backEnd.Names];
        Assert.True(order.LastIndexOf("GET_VRING_BASE") < order.LastIndexOf("SET_MEM_TABLE"));

        int tables = order.Count(name => name == "SET_MEM_TABLE");
        Ok(session.StopRings(reset: true));
        Assert.Equal(tables, _backEnd.Names.Count(name => name == "SET_MEM_TABLE"));
    }

    [Fact]
    public void A_queue_that_is_stopped_alone_takes_its_pages_with_it_and_the_other_goes_on()
    {
        BackEndSession session = Session();
        SetUp(0, Bit + 0x8000);
        SetUp(1, Bit + 0x20000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal(5, Table().Count);
        _backEnd.Messages.Clear();
        Ok(session.StopRing(_domain, 1));
        Assert.Equal([(Bit, 0x8000u, 0xau), (Bit + 0x8000, 0x3000u, 2u), (Bit + 0xb000, (1UL << 44) - 0xb000, 0xau)], Table());

        // 7 is what this back-end answers to GET_VRING_BASE; the used index is 0, so 7 can be true.
        byte[] start = _backEnd.Last(FrontEndRequest.SetVringBase).Payload.ToArray();
        Assert.Equal([0, 0, 0, 0, 7, 0, 0, 0], start);
        Assert.DoesNotContain(_backEnd.Messages, message =>
            message.Request == (uint)FrontEndRequest.SetVringBase && message.Payload[0] == 1);
    }

    [Fact]
    public void A_queue_that_comes_later_is_mapped_too()
    {
        BackEndSession session = Session();
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        SetUp(1, Bit + 0xb000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal([(Bit, 0x8000u, 0xau), (Bit + 0x8000, 0x6000u, 2u), (Bit + 0xe000, (1UL << 44) - 0xe000, 0xau)], Table());
    }

    [Fact]
    public void Where_grants_are_agreed_rings_must_be_grants()
    {
        SetUp(0, 0x4000_0000);
        Assert.Contains("the guest's rings are no grants", Session().StartRings(_domain, resume: false).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rings_of_both_kinds_are_refused()
    {
        SetUp(0, Bit + 0x8000);
        SetUp(1, 0x4000_0000);
        Assert.Contains("others are grants", Session().StartRings(_domain, resume: false).ToString(), StringComparison.Ordinal);
        Assert.Empty(_backEnd.Messages);
    }

    [Fact]
    public void Where_grants_are_not_asked_for_rings_that_are_grants_are_refused_and_no_descriptor_is_opened()
    {
        // Registers that an earlier host left may say so, although this one does not take such addresses.
        BackEndSession session = Session(grants: false);
        Ok(session.SendMemory(_domain));
        SetUp(0, Bit + 0x8000);
        Assert.Contains("it is not to use grants", session.StartRings(_domain, resume: false).ToString(), StringComparison.Ordinal);
        Assert.Empty(_domain.Opened);
        Assert.Equal([(0x4000_0000u, 0x100_0000u, 1u)], Table());
    }

    [Fact]
    public void Where_grants_are_not_asked_for_the_back_end_keeps_the_table_that_it_has()
    {
        BackEndSession session = Session(grants: false);
        Ok(session.SendMemory(_domain));
        SetUp(0, 0x4000_0000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal(1, _backEnd.Names.Count(name => name == "SET_MEM_TABLE"));
        Assert.False(session.HasGrants);
    }

    [Fact]
    public void Interrupts_go_by_the_kernel_where_the_line_can_and_end_before_their_eventfd()
    {
        KernelLine line = new(routes: true);
        BackEndSession session = Session(line: line);
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.True(session.HasUnseenCalls);
        Assert.Equal(InterruptBits.UsedBuffer, InterruptStatus());
        Ok(session.StopRings(reset: true));
        Assert.Equal(["routed", "ended"], line.Events);
        Assert.Equal(0, InterruptStatus());
    }

    [Fact]
    public void Where_the_line_cannot_the_host_carries_them()
    {
        BackEndSession session = Session(line: new KernelLine(routes: false));
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.False(session.HasUnseenCalls);
        Assert.Equal(0, InterruptStatus());
    }

    [Fact]
    public void Kicks_go_by_the_kernel_from_the_rings_start_to_before_its_stop()
    {
        BackEndSession session = Session(kicks: true);
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal(["kernel carries 0 after SET_VRING_ENABLE"], _kicks);
        Assert.True(session.HasKernelKicks);
        Ok(session.StopRings(reset: true));
        Assert.Equal("kernel leaves 0 after SET_VRING_ENABLE", _kicks[^1]);
        Assert.False(session.HasKernelKicks);
    }

    [Fact]
    public void Where_the_kernel_cannot_carry_kicks_the_reason_is_told_and_the_ring_runs()
    {
        BackEndSession session = Session(kicks: false);
        SetUp(0, Bit + 0x8000);
        Ok(session.StartRings(_domain, resume: false));
        Assert.Equal(["no kernel"], _kicks);
        Assert.False(session.HasKernelKicks);
    }

    private GuestDevice? _device;

    private int InterruptStatus() =>
        _device!.TryRead(0, MmioRegister.InterruptStatus, 4, out ulong value) ? (int)value : throw new InvalidOperationException();

    private BackEndSession Session(bool grants = true, KernelLine? line = null, bool? kicks = null)
    {
        RegisterFileLayout layout = new() { QueueSizes = [256, 256], WritableFields = [], IsRam = (_, _) => true };
        _device = new GuestDevice(0x0200_0000, layout, _memory, line ?? new KernelLine(routes: false), 1000, new HeldProbes(new NoAnswer(), 0));
        BackEndSession session = new(_backEnd.FrontEnd, _device, _relay, new ResumeState(_device.Registers, 256))
        {
            UsesGrants = grants,
            KernelInterrupts = true,
            RouteKick = kicks is null ? null : kicks == true ? Route : NoRoute,
            KickRefused = _kicks.Add,
        };
        _owned.Add(session);
        _owned.Add(_device);
        return session;
    }

    private Kept Route(GuestDevice device, int queue, XenDmHost.Host.Native.EventFd kick, out string refusal)
    {
        refusal = "";
        _kicks.Add($"kernel carries {queue} after {_backEnd.Names.Last()}");
        return new Kept(() => _kicks.Add($"kernel leaves {queue} after {_backEnd.Names.Last()}"));
    }

    private static Kept? NoRoute(GuestDevice device, int queue, XenDmHost.Host.Native.EventFd kick, out string refusal)
    {
        refusal = "no kernel";
        return null;
    }

    /// <summary>A queue of 256 entries: 4096 bytes of descriptors, 518 and 2054 bytes behind them, each on its own page.</summary>
    private void SetUp(int queue, ulong address)
    {
        _memory.Registers.Status = 15;
        _memory.Registers.DriverFeatures = VirtioFeature.Version1;
        _memory.Queue(queue) = new QueueState { Size = 256, Ready = 1, Descriptors = address, Driver = address + 0x1000, Device = address + 0x2000 };
    }

    private List<(ulong Address, ulong Size, uint Flags)> Table()
    {
        ReadOnlySpan<byte> payload = _backEnd.Last(FrontEndRequest.SetMemTable).Payload;
        List<(ulong Address, ulong Size, uint Flags)> regions = [];
        for (int i = 0; i < BinaryPrimitives.ReadInt32LittleEndian(payload); i++)
        {
            ReadOnlySpan<byte> region = payload.Slice(8 + (40 * i), 40);
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(region);
            Assert.Equal(address, BinaryPrimitives.ReadUInt64LittleEndian(region[16..]));
            Assert.Equal(0u, BinaryPrimitives.ReadUInt64LittleEndian(region[24..]));
            Assert.Equal(7u, BinaryPrimitives.ReadUInt32LittleEndian(region[36..]));
            regions.Add((address, BinaryPrimitives.ReadUInt64LittleEndian(region[8..]), BinaryPrimitives.ReadUInt32LittleEndian(region[32..])));
        }

        return regions;
    }

    private static void Ok(VhostUserResult result) => Assert.Equal("ok", result.ToString());

    private sealed class Kept(Action ended) : IDisposable
    {
        public void Dispose() => ended();
    }

    private sealed class NoAnswer : IAnswer
    {
        public void Complete(int vcpu, ulong? value)
        {
        }
    }
}
