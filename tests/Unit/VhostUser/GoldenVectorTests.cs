using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>The bytes on the wire, written down by hand from the specification.</summary>
public sealed class GoldenVectorTests : IDisposable
{
    private const ulong RequiredFeatures = 0x1_7000_0000;

    private readonly FakeBackEnd _backEnd = new() { ProtocolFeatures = 0x2a209 };
    private readonly FileDescriptor _memory = Memfd.CreateSealed("golden", 4096);
    private readonly EventFd _event = EventFd.Create();

    public void Dispose()
    {
        _backEnd.Dispose();
        _memory.Dispose();
        _event.Dispose();
    }

    [Fact]
    public void Get_features()
    {
        Negotiate();
        Expect(FrontEndRequest.GetFeatures, 0, "01000000 01000000 00000000");
    }

    [Fact]
    public void Set_protocol_features_acknowledges_mq_reply_ack_config_and_xen_mmap()
    {
        _backEnd.ProtocolFeatures = 0x20209;
        Negotiate();
        Expect(FrontEndRequest.SetProtocolFeatures, 0, "10000000 01000000 08000000 0902020000000000");
    }

    [Fact]
    public void Get_config_carries_as_many_bytes_as_it_asks_for()
    {
        _backEnd.Config = new byte[16];
        Negotiate();
        Expect(
            FrontEndRequest.GetConfig,
            0,
            "18000000 01000000 1c000000 00000000 10000000 00000000 00000000000000000000000000000000");
    }

    [Fact]
    public void Set_features_asks_for_an_acknowledgement_and_has_bit_30()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.SetFeatures(RequiredFeatures & ~(1UL << 30)));
        Expect(FrontEndRequest.SetFeatures, 0, "02000000 09000000 08000000 0000007001000000");
    }

    [Fact]
    public void Set_mem_table_with_a_foreign_region()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.SetMemTable([Xen(0x4000_0000, 0x2000_0000, XenMmapFlags.Foreign)]));
        Expect(
            FrontEndRequest.SetMemTable,
            1,
            "05000000 09000000 30000000 01000000 00000000 0000004000000000 0000002000000000 0000004000000000 0000000000000000 01000000 05000000");
    }

    [Fact]
    public void Set_mem_table_with_grants_for_a_ring_and_on_demand()
    {
        MemoryRegion ring = Xen(0x8000_0000_0000_3000, 0x4000, XenMmapFlags.Grant);
        MemoryRegion rest = Xen(0x8000_0000_0000_7000, 0xfff_ffff_9000, XenMmapFlags.Grant | XenMmapFlags.NoAdvanceMap);
        Negotiate();
        Sent(_backEnd.FrontEnd.SetMemTable([ring, rest]));
        Expect(
            FrontEndRequest.SetMemTable,
            2,
            "05000000 09000000 58000000 02000000 00000000" +
            "0030000000000080 0040000000000000 0030000000000080 0000000000000000 02000000 05000000" +
            "0070000000000080 0090ffffff0f0000 0070000000000080 0000000000000000 0a000000 05000000");
    }

    [Fact]
    public void Set_mem_table_without_xen_mmap_has_regions_of_32_bytes()
    {
        _backEnd.ProtocolFeatures = 0x209;
        Negotiate();
        Sent(_backEnd.FrontEnd.SetMemTable([Plain(0x4000_0000, 0x1000, 0x2000)]));
        Expect(
            FrontEndRequest.SetMemTable,
            1,
            "05000000 09000000 28000000 01000000 00000000 0000004000000000 0010000000000000 0000004000000000 0020000000000000");
    }

    [Fact]
    public void Add_mem_reg_carries_a_descriptor_and_rem_mem_reg_none()
    {
        const string Region =
            "09000000 30000000 0000000000000000 0000000002000000 0000004000000000 0000000002000000 0000000000000000 01000000 05000000";
        MemoryRegion region = Xen(0x2_0000_0000, 0x4000_0000, XenMmapFlags.Foreign);
        Negotiate();
        Sent(_backEnd.FrontEnd.AddMemoryRegion(region));
        Sent(_backEnd.FrontEnd.RemoveMemoryRegion(region));
        Expect(FrontEndRequest.AddMemReg, 1, "25000000" + Region);
        Expect(FrontEndRequest.RemMemReg, 0, "26000000" + Region);
    }

    [Fact]
    public void Set_vring_num_of_queue_2()
    {
        StartRing(index: 2);
        Expect(FrontEndRequest.SetVringNum, 0, "08000000 09000000 08000000 02000000 40000000");
    }

    [Fact]
    public void Set_vring_base()
    {
        StartRing(index: 2);
        Expect(FrontEndRequest.SetVringBase, 0, "0a000000 09000000 08000000 02000000 09000000");
    }

    [Fact]
    public void Set_vring_addr_has_the_used_ring_before_the_available_ring()
    {
        StartRing(index: 0);
        Expect(
            FrontEndRequest.SetVringAddr,
            0,
            "09000000 09000000 28000000 00000000 00000000 0000004100000000 0010004100000000 0004004100000000 0000000000000000");
    }

    [Fact]
    public void Set_vring_kick_call_and_err_carry_an_eventfd()
    {
        StartRing(index: 1);
        Expect(FrontEndRequest.SetVringKick, 1, "0c000000 09000000 08000000 0100000000000000");
        Expect(FrontEndRequest.SetVringCall, 1, "0d000000 09000000 08000000 0100000000000000");
        Expect(FrontEndRequest.SetVringErr, 1, "0e000000 09000000 08000000 0100000000000000");
    }

    [Fact]
    public void Set_vring_call_without_an_eventfd_says_so_in_bit_8()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.SetCall(1, null));
        Expect(FrontEndRequest.SetVringCall, 0, "0d000000 09000000 08000000 0101000000000000");
    }

    [Fact]
    public void Set_vring_enable_and_get_vring_base()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.EnableRing(3, true));
        Expect(FrontEndRequest.SetVringEnable, 0, "12000000 09000000 08000000 03000000 01000000");
        Sent(_backEnd.FrontEnd.StopRing(3, out uint vringBase));
        Expect(FrontEndRequest.SetVringEnable, 0, "12000000 09000000 08000000 03000000 00000000");
        Expect(FrontEndRequest.GetVringBase, 0, "0b000000 01000000 08000000 03000000 00000000");
        Assert.Equal(7u, vringBase);
    }

    [Fact]
    public void Set_config_has_the_flags_0()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.SetConfig(32, [1]));
        Expect(FrontEndRequest.SetConfig, 0, "19000000 09000000 0d000000 20000000 01000000 00000000 01");
    }

    [Fact]
    public void Reset_device()
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.ResetDevice());
        Expect(FrontEndRequest.ResetDevice, 0, "22000000 09000000 00000000");
    }

    [Theory]
    [InlineData(true, "09000000")]
    [InlineData(false, "01000000")]
    public void A_side_channel_is_an_empty_message_with_one_descriptor(bool confirm, string flags)
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.SendSideChannel(33, _memory, confirm));
        Sent(_backEnd.FrontEnd.EnableRing(0, true));
        Expect((FrontEndRequest)33, 1, "21000000" + flags + "00000000");
    }

    [Fact]
    public void The_acknowledgement_of_set_mem_table_is_read()
    {
        Negotiate();
        _backEnd.On[FrontEndRequest.SetMemTable] = _ => _backEnd.Send(Bytes("05000000 05000000 08000000 0000000000000000"));
        Sent(_backEnd.FrontEnd.SetMemTable([Xen(0x4000_0000, 0x1000, XenMmapFlags.None)]));
    }

    private void Negotiate() =>
        Sent(_backEnd.FrontEnd.Negotiate(
            new NegotiationRequest { QueueCount = 1, OfferXenMmap = true, ConfigSize = _backEnd.Config.Length }, out _));

    private void StartRing(int index)
    {
        Negotiate();
        Sent(_backEnd.FrontEnd.StartRing(new RingSetup
        {
            Index = index,
            Size = 64,
            Base = 9,
            DescriptorTable = 0x4100_0000,
            AvailableRing = 0x4100_0400,
            UsedRing = 0x4100_1000,
            Kick = _event,
            Call = _event,
            Error = _event,
        }));
    }

    private void Expect(FrontEndRequest request, int descriptors, string hex)
    {
        ReceivedMessage message = _backEnd.Last(request);
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), message.Hex);
        Assert.Equal(descriptors, message.Descriptors.Count);
    }

    private MemoryRegion Xen(ulong address, ulong size, XenMmapFlags flags) => new()
    {
        GuestAddress = address, UserAddress = address, Size = size, XenMmapFlags = flags, Domid = 5, Descriptor = _memory,
    };

    private MemoryRegion Plain(ulong address, ulong size, ulong offset) => new()
    {
        GuestAddress = address, UserAddress = address, Size = size, MmapOffset = offset, Descriptor = _memory,
    };

    private static void Sent(VhostUserResult result) => Assert.Equal("ok", result.ToString());

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
