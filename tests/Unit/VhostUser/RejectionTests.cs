using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>What a back-end does instead of saying yes, and the line that the operator reads.</summary>
public sealed class RejectionTests : IDisposable
{
    private readonly FakeBackEnd _backEnd = new();
    private readonly EventFd _event = EventFd.Create();
    private readonly FileDescriptor _memory = Memfd.CreateSealed("rejections", 4096);

    public void Dispose()
    {
        _backEnd.Dispose();
        _event.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void Set_vring_num_above_the_maximum_is_nacked()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetVringNum] = NackAndClose;
        Assert.Equal(
            "SET_VRING_NUM queue 2 = 1024: refused by the back-end (answer 1): " +
            "the back-end's maximum queue size is smaller, or it has fewer queues: set a smaller size under \"queues\" in the guest file or in the plugin",
            StartRing(2, 1024).ToString());
    }

    [Theory]
    [InlineData("SET_VRING_NUM", "queue 0 = 256", "maximum queue size")]
    [InlineData("SET_VRING_BASE", "queue 0 = 0", "reset the device")]
    [InlineData("SET_VRING_ADDR", "queue 0 = 0x1000, 0x2000, 0x3000", "does not lie in the memory")]
    [InlineData("SET_VRING_CALL", "queue 0", "log")]
    [InlineData("SET_VRING_KICK", "queue 0", "log")]
    public void A_ring_that_is_not_taken_fails_at_the_message_in_question(string request, string value, string advice)
    {
        _backEnd.Negotiated();
        _backEnd.On[Enum.GetValues<FrontEndRequest>().Single(known => SpecName.Of(known) == request)] = NackAndClose;
        VhostUserResult result = StartRing(0, 256);
        Assert.Equal(VhostUserFailure.Nack, result.Failure);
        Assert.StartsWith($"{request} {value}: refused", result.ToString(), StringComparison.Ordinal);
        Assert.Contains(advice, result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_back_end_that_closes_without_a_word_has_refused_the_message_that_was_outstanding()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetMemTable] = _ => _backEnd.Close();
        Assert.Equal(
            "SET_MEM_TABLE 0x40000000+0x1000: the back-end closed the connection instead of answering: " +
            "the back-end could not map the guest's memory (too many regions, a hole in them, flags that it does not know, or a missing permission); see the back-end's own log",
            SetMemTable().ToString());
    }

    [Fact]
    public void Set_features_that_is_not_taken_points_at_the_feature()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetFeatures] = NackAndClose;
        VhostUserResult result = _backEnd.FrontEnd.SetFeatures(1UL << 33);
        Assert.StartsWith("SET_FEATURES = 0x240000000: refused by the back-end (answer 1): ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("mask that bit", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_that_is_not_offered_is_not_sent_and_the_connection_stays_good()
    {
        _backEnd.Negotiated();
        Assert.Equal(
            "SET_FEATURES = 0x840000000: not sent: the back-end does not offer 0x800000000",
            _backEnd.FrontEnd.SetFeatures(1UL << 35).ToString());
        Assert.True(_backEnd.FrontEnd.SetFeatures(1UL << 32).IsOk);
    }

    [Fact]
    public void A_back_end_that_leaves_at_the_first_message_is_worth_another_try()
    {
        _backEnd.On[FrontEndRequest.GetFeatures] = _ => _backEnd.Close();
        VhostUserResult result = Negotiate();
        Assert.True(result.IsFirstMessage);
        Assert.Equal(
            "GET_FEATURES: the back-end closed the connection instead of answering: " +
            "the daemon is starting or ending, or it serves another client: it is tried again; stop the other client if there is one",
            result.ToString());
    }

    [Fact]
    public void A_back_end_that_was_gone_before_the_message_is_closed_too()
    {
        _backEnd.Negotiated();
        _backEnd.Close();
        VhostUserResult result = SetMemTable();
        Assert.Equal(VhostUserFailure.Closed, result.Failure);
        Assert.False(result.IsFirstMessage);
        Assert.StartsWith("SET_MEM_TABLE 0x40000000+0x1000: the back-end had already closed the connection", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reset_names_its_errno()
    {
        _backEnd.Negotiated();
        _backEnd.Deadline = ResetOnce;
        Assert.StartsWith(
            "SET_MEM_TABLE 0x40000000+0x1000: the back-end closed the connection instead of answering (ECONNRESET): ",
            SetMemTableUnread().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_failure_every_further_message_returns_that_failure()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetVringNum] = message => _backEnd.Reply(message, FakeBackEnd.U64(1));
        VhostUserResult first = StartRing(0, 8);
        int sent = _backEnd.Messages.Count;
        Assert.Equal(first, SetMemTable());
        Assert.Equal(first, _backEnd.FrontEnd.CheckIdle());
        Assert.Equal(sent, _backEnd.Messages.Count);
    }

    [Fact]
    public void Bytes_that_answer_no_request_end_the_connection_at_the_next_message()
    {
        _backEnd.Negotiated();
        _backEnd.Send([1]);
        VhostUserResult result = SetMemTable();
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.Contains("bytes that answer no request", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quiet_connection_is_idle_and_a_closed_one_is_not()
    {
        _backEnd.Negotiated();
        Assert.True(_backEnd.FrontEnd.CheckIdle().IsOk);
        _backEnd.Close();
        Assert.StartsWith(
            "between requests: the back-end had already closed the connection", _backEnd.FrontEnd.CheckIdle().ToString(), StringComparison.Ordinal);
    }

    private void NackAndClose(ReceivedMessage message)
    {
        _backEnd.Reply(message, FakeBackEnd.U64(1));
        _backEnd.Close();
    }

    /// <summary>Closing with unread bytes in the buffer is what makes a reset of it.</summary>
    private long ResetOnce()
    {
        _backEnd.Close();
        return long.MaxValue;
    }

    private VhostUserResult SetMemTableUnread()
    {
        _backEnd.StopReading = true;
        return SetMemTable();
    }

    private VhostUserResult SetMemTable() =>
        _backEnd.FrontEnd.SetMemTable([new() { GuestAddress = 0x4000_0000, UserAddress = 0x4000_0000, Size = 0x1000, Descriptor = _memory }]);

    private VhostUserResult Negotiate() => _backEnd.FrontEnd.Negotiate(new() { QueueCount = 1 }, out _);

    private VhostUserResult StartRing(int index, int size) => _backEnd.FrontEnd.StartRing(new()
    {
        Index = index, Size = size, DescriptorTable = 0x1000, AvailableRing = 0x2000, UsedRing = 0x3000, Kick = _event, Call = _event,
    });
}
