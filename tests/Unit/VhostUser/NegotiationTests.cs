using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class NegotiationTests : IDisposable
{
    private const ulong XenMmapBit = 1UL << 17;

    private readonly FakeBackEnd _backEnd = new();

    public void Dispose() => _backEnd.Dispose();

    [Fact]
    public void The_messages_come_in_the_order_of_the_specification()
    {
        _backEnd.ProtocolFeatures = 0x8209;
        _backEnd.Config = new byte[60];
        Assert.True(Negotiate(new() { QueueCount = 4, ConfigSize = 60 }).IsOk);
        Assert.Equal(
            ["GET_FEATURES", "GET_PROTOCOL_FEATURES", "SET_PROTOCOL_FEATURES", "GET_FEATURES", "GET_QUEUE_NUM", "GET_MAX_MEM_SLOTS", "SET_OWNER", "GET_CONFIG"],
            _backEnd.Names);
    }

    [Fact]
    public void The_offer_holds_what_the_back_end_said()
    {
        _backEnd.ProtocolFeatures = 0xff_ffff & ~XenMmapBit;
        _backEnd.Config = [1, 2, 3, 4];
        VhostUserResult result = _backEnd.FrontEnd.Negotiate(new() { QueueCount = 2, ConfigSize = 4 }, out BackEndOffer offer);
        Assert.True(result.IsOk);
        Assert.Equal(0x3_7000_0000UL, offer.Features);
        Assert.Equal(0xff_ffff & ~XenMmapBit, offer.OfferedProtocolFeatures.Bits);
        Assert.Equal("MQ REPLY_ACK MTU CONFIG INFLIGHT_SHMFD RESET_DEVICE CONFIGURE_MEM_SLOTS STATUS", offer.ProtocolFeatures.ToString());
        Assert.Equal(4, offer.MaxQueues);
        Assert.Equal(509, offer.MaxMemorySlots);
        Assert.Equal([1, 2, 3, 4], offer.Config);
        Assert.False(offer.XenMmap);
    }

    [Fact]
    public void A_back_end_without_mq_is_not_asked_for_its_queues()
    {
        _backEnd.ProtocolFeatures = 0x8000e;
        VhostUserResult result = _backEnd.FrontEnd.Negotiate(new() { QueueCount = 2 }, out BackEndOffer offer);
        Assert.True(result.IsOk);
        Assert.Null(offer.MaxQueues);
        Assert.DoesNotContain("GET_QUEUE_NUM", _backEnd.Names);
    }

    [Fact]
    public void A_back_end_with_fewer_queues_than_the_device_is_refused()
    {
        _backEnd.Queues = 1;
        Assert.Equal(
            "GET_QUEUE_NUM = 1: the back-end serves 1 queues and the device has 2: " +
            "start the daemon with more queues, or give the device fewer, where its plugin has an option for that",
            Negotiate(new() { QueueCount = 2 }).ToString());
    }

    [Fact]
    public void Without_bit_30_there_are_no_protocol_features_and_no_ring_is_enabled_by_message()
    {
        _backEnd.Features = 0x1_3000_0000;
        Assert.True(Negotiate(new() { QueueCount = 1 }).IsOk);
        Assert.True(_backEnd.FrontEnd.EnableRing(0, true).IsOk);
        Assert.True(_backEnd.FrontEnd.SetFeatures(1UL << 32).IsOk);
        Assert.Equal(["GET_FEATURES", "SET_OWNER", "GET_FEATURES", "SET_FEATURES", "GET_FEATURES"], _backEnd.Names);
        Assert.Equal(1U << 0, _backEnd.Last(FrontEndRequest.SetFeatures).U32(16));
        Assert.Equal(0u, _backEnd.Last(FrontEndRequest.SetFeatures).U32(12));
    }

    [Fact]
    public void Without_reply_ack_nothing_asks_for_one_and_get_features_follows_as_a_barrier()
    {
        _backEnd.ProtocolFeatures = 0x200;
        _backEnd.Negotiated();
        Assert.True(_backEnd.FrontEnd.EnableRing(0, true).IsOk);
        Assert.Equal(["SET_VRING_ENABLE", "GET_FEATURES"], _backEnd.Names);
        Assert.All(_backEnd.Messages, message => Assert.Equal(1u, message.Flags));
    }

    [Fact]
    public void A_refusal_without_reply_ack_is_attributed_to_the_message_before_the_barrier()
    {
        _backEnd.ProtocolFeatures = 0x200;
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetVringEnable] = _ => _backEnd.Close();
        VhostUserResult result = _backEnd.FrontEnd.EnableRing(7, true);
        Assert.Equal(FrontEndRequest.SetVringEnable, result.Request);
        Assert.Equal(VhostUserFailure.Closed, result.Failure);
    }

    [Fact]
    public void Xen_mmap_is_acknowledged_when_it_is_offered()
    {
        _backEnd.ProtocolFeatures = 0x20209;
        VhostUserResult result = _backEnd.FrontEnd.Negotiate(
            new() { QueueCount = 1, OfferXenMmap = true, RequireXenMmap = true }, out BackEndOffer offer);
        Assert.True(result.IsOk);
        Assert.True(offer.XenMmap);
    }

    [Fact]
    public void A_xen_guest_needs_xen_mmap()
    {
        Assert.Equal(
            "GET_PROTOCOL_FEATURES = MQ REPLY_ACK CONFIG: this back-end cannot map the memory of a Xen guest (it does not offer XEN_MMAP): " +
            "use a daemon made with the vhost crates and their \"xen\" feature; others serve simulated guests only",
            Negotiate(new() { QueueCount = 1, OfferXenMmap = true, RequireXenMmap = true }).ToString());
        Assert.DoesNotContain("SET_PROTOCOL_FEATURES", _backEnd.Names);
    }

    [Fact]
    public void A_back_end_that_insists_on_xen_mmap_is_refused_where_it_cannot_be_given()
    {
        _backEnd.ProtocolFeatures = 0x20209;
        Assert.Equal(
            "GET_PROTOCOL_FEATURES = MQ REPLY_ACK CONFIG XEN_MMAP: this back-end maps memory in Xen's way only (it insists on XEN_MMAP): " +
            "use a daemon built without \"xen\"",
            Negotiate(new() { QueueCount = 1 }).ToString());
    }

    [Fact]
    public void A_device_whose_config_only_the_back_end_knows_needs_config()
    {
        _backEnd.ProtocolFeatures = 0x9;
        VhostUserResult result = Negotiate(new() { QueueCount = 1, ConfigSize = 8, NeedsConfig = true });
        Assert.Equal(VhostUserFailure.Refused, result.Failure);
        Assert.Contains("does not offer CONFIG", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]      // libvhost-user: no payload
    [InlineData(12)]     // the vhost crates: a header with the size 0
    public void Both_forms_of_a_failed_get_config_are_an_orderly_refusal(int payloadSize)
    {
        _backEnd.On[FrontEndRequest.GetConfig] = message => _backEnd.Reply(message, new byte[payloadSize]);
        Assert.Equal(
            "GET_CONFIG offset 0, 64 bytes: the back-end does not serve a config space of this size: " +
            "compare its size in the plugin with the device that the daemon serves",
            Negotiate(new() { QueueCount = 1, ConfigSize = 64, NeedsConfig = true }).ToString());
    }

    [Fact]
    public void A_device_that_can_do_without_the_back_ends_config_goes_on_without_it()
    {
        _backEnd.On[FrontEndRequest.GetConfig] = message => _backEnd.Reply(message, []);
        VhostUserResult result = _backEnd.FrontEnd.Negotiate(new() { QueueCount = 1, ConfigSize = 64 }, out BackEndOffer offer);
        Assert.True(result.IsOk);
        Assert.Null(offer.Config);
        Assert.True(_backEnd.FrontEnd.SetFeatures(1UL << 32).IsOk);
    }

    [Fact]
    public void A_config_space_of_another_size_than_asked_for_ends_the_connection()
    {
        _backEnd.Config = new byte[59];
        VhostUserResult result = Negotiate(new() { QueueCount = 1, ConfigSize = 60 });
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.Contains("71 bytes of payload where 72 are defined", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_back_end_that_leaves_at_set_protocol_features_is_told_apart()
    {
        _backEnd.On[FrontEndRequest.SetProtocolFeatures] = _ => _backEnd.Close();
        VhostUserResult result = Negotiate(new() { QueueCount = 1 });
        Assert.Equal(FrontEndRequest.SetProtocolFeatures, result.Request);
        Assert.Contains("insists on a protocol feature", result.ToString(), StringComparison.Ordinal);
    }

    private VhostUserResult Negotiate(NegotiationRequest request) => _backEnd.FrontEnd.Negotiate(request, out _);
}
