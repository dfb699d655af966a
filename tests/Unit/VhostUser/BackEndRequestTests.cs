using System.Buffers.Binary;
using System.Collections.Concurrent;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>What a back-end asks over the socket of SET_BACKEND_REQ_FD, and what it gets (vhost-user.rst, "Back-end message types").</summary>
public sealed class BackEndRequestTests : IDisposable
{
    private const uint Plain = 0x1, NeedReply = 0x9;
    private const int LimitMs = 20_000;
    private static readonly ProtocolFeatureSet Agreed = ProtocolFeatureSet.Of(ProtocolFeature.ReplyAck, ProtocolFeature.Config, ProtocolFeature.BackendReq);

    private readonly BlockingCollection<string> _refused = [];
    private readonly SemaphoreSlim _changes = new(0);
    private readonly BackEndRequestChannel _channel;
    private readonly UnixSocket _backEnd;

    public BackEndRequestTests()
    {
        _channel = new BackEndRequestChannel("test requests", () => _changes.Release(), _refused.Add);
        _backEnd = new UnixSocket(_channel.BackEndSide.Duplicate());
    }

    public void Dispose()
    {
        _channel.Dispose();
        _backEnd.Dispose();
        _refused.Dispose();
        _changes.Dispose();
    }

    [Fact]
    public void A_config_change_is_passed_on_and_acknowledged()
    {
        Serve(Agreed);
        Send(2, NeedReply, []);
        Assert.Equal((2u, 5u, 0UL), Answer());
        Assert.True(_changes.Wait(LimitMs));
    }

    [Fact]
    public void What_comes_in_pieces_is_put_together()
    {
        Serve(Agreed);
        byte[] frame = Frame(2, NeedReply, []);
        Raw(frame.AsSpan(0, 5));
        Raw(frame.AsSpan(5));
        Assert.Equal((2u, 5u, 0UL), Answer());
    }

    [Fact]
    public void Without_need_reply_or_without_reply_ack_nothing_is_answered()
    {
        Serve(ProtocolFeatureSet.Of(ProtocolFeature.Config, ProtocolFeature.BackendReq));
        Send(2, Plain, []);
        Send(2, NeedReply, []);
        Assert.True(_changes.Wait(LimitMs) && _changes.Wait(LimitMs));
        Assert.False(Poller.IsReady(_backEnd.Descriptor, Libc.PollIn));
    }

    [Theory]
    [InlineData(1, 32, "IOTLB_MSG")]
    [InlineData(3, 24, "VRING_HOST_NOTIFIER_MSG")]
    [InlineData(4, 8, "VRING_CALL")]
    [InlineData(5, 8, "VRING_ERR")]
    [InlineData(6, 16, "SHARED_OBJECT_ADD")]
    [InlineData(7, 16, "SHARED_OBJECT_REMOVE")]
    [InlineData(8, 16, "SHARED_OBJECT_LOOKUP")]
    [InlineData(9, 40, "SHMEM_MAP")]
    [InlineData(10, 40, "SHMEM_UNMAP")]
    public void What_the_host_does_not_serve_is_answered_with_an_error_and_the_channel_goes_on(int request, int size, string name)
    {
        Serve(Agreed);
        Send((uint)request, NeedReply, new byte[size]);
        Assert.Equal(((uint)request, 5u, 1UL), Answer());
        Assert.Contains(name, Refused(), StringComparison.Ordinal);
        Send(2, NeedReply, []);
        Assert.Equal((2u, 5u, 0UL), Answer());
    }

    [Fact]
    public void A_lookup_is_answered_though_no_answer_was_asked_for()
    {
        Serve(Agreed);
        Send(8, Plain, new byte[16]);
        Assert.Equal((8u, 5u, 1UL), Answer());
    }

    [Fact]
    public void A_refusal_is_told_once_however_often_it_comes()
    {
        Serve(Agreed);
        for (int i = 0; i < 100; i++)
        {
            Send(4, NeedReply, new byte[8]);
            Assert.Equal((4u, 5u, 1UL), Answer());
        }

        Assert.Single(_refused);
    }

    [Fact]
    public void A_config_change_without_config_is_an_error()
    {
        Serve(ProtocolFeatureSet.Of(ProtocolFeature.ReplyAck, ProtocolFeature.BackendReq));
        Send(2, NeedReply, []);
        Assert.Equal((2u, 5u, 1UL), Answer());
        Assert.Equal(0, _changes.CurrentCount);
    }

    [Fact]
    public void Descriptors_are_closed_whatever_they_come_with()
    {
        using Witness witness = new();
        Serve(Agreed);
        Send(9, NeedReply, new byte[40], witness.Times(3));
        Send(2, NeedReply, [], witness.Times(30));
        Assert.Equal((9u, 5u, 1UL), Answer());
        Assert.Equal((2u, 5u, 0UL), Answer());
        Assert.Equal(1, witness.OpenCount());
    }

    [Fact]
    public void An_unknown_request_is_answered_with_an_error_and_ends_the_channel()
    {
        Serve(Agreed);
        Send(1002, NeedReply, new byte[8]);
        Assert.Equal((1002u, 5u, 1UL), Answer());
        AssertEnds("back-end request 1002 is unknown");
    }

    [Theory]
    [InlineData(2u, 0x1u, 4u, "CONFIG_CHANGE_MSG has 4 bytes of payload where 0 are defined")]
    [InlineData(9u, 0x9u, 24u, "SHMEM_MAP has 24 bytes of payload where 40 are defined")]
    [InlineData(2u, 0x1u, 4097u, "claims 4097 bytes")]
    [InlineData(2u, 0x1u, 0xffff_ffffu, "claims 4294967295 bytes")]
    [InlineData(2u, 0x2u, 0u, "version 2")]
    [InlineData(2u, 0x5u, 0u, "flags 0x5")]
    [InlineData(2u, 0x11u, 0u, "flags 0x11")]
    public void A_header_that_breaks_the_protocol_ends_the_channel(uint request, uint flags, uint size, string why)
    {
        Serve(Agreed);
        Raw(Header(request, flags, size));
        AssertEnds(why);
    }

    [Fact]
    public void A_back_end_that_does_not_take_its_answers_loses_the_channel()
    {
        Serve(Agreed);
        byte[] frame = Frame(2, NeedReply, []);
        Span<int> ready = stackalloc int[1];
        while (_refused.Count == 0)
        {
            Poller.Wait([_backEnd.Descriptor], [Libc.PollOut], LimitMs, ready);
            _backEnd.TrySend(frame, []);
        }

        Assert.Contains("the answer to CONFIG_CHANGE_MSG is not taken", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_channel_ends_without_a_word_when_the_back_end_leaves_and_when_it_is_disposed_in_the_middle_of_a_message()
    {
        Serve(Agreed);
        Raw(Frame(2, NeedReply, []).AsSpan(0, 7));
        _channel.Dispose();
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_thread_that_does_not_end_is_left_alone_and_said_so()
    {
        using ManualResetEventSlim begun = new(), goOn = new();
        BackEndRequestChannel channel = new(
            "stuck requests",
            () =>
            {
                begun.Set();
                goOn.Wait();
            },
            _refused.Add)
        {
            EndLimit = TimeSpan.FromMilliseconds(50),
        };
        using UnixSocket backEnd = new(channel.BackEndSide.Duplicate());
        channel.Serve(Agreed);
        Assert.Equal(12, backEnd.TrySend(Frame(2, NeedReply, []), []));
        begun.Wait();

        channel.Dispose();

        Assert.Contains("has not ended within 0.1 s", Refused(), StringComparison.Ordinal);
        goOn.Set();
    }

    [Fact]
    public void The_back_ends_end_waits_when_it_reads()
    {
        int flags = Convert.ToInt32(
            File.ReadLines($"/proc/self/fdinfo/{_channel.BackEndSide.Value}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal))[6..].Trim(), 8);
        Assert.Equal(0, flags & 0x800);     // O_NONBLOCK, asm-generic/fcntl.h
    }

    [Fact]
    public void The_channel_is_served_before_the_back_end_gets_it()
    {
        using FakeBackEnd backEnd = new() { ProtocolFeatures = 0x229 };
        backEnd.On[FrontEndRequest.SetBackendReqFd] = message =>
        {
            // It asks there first, and answers here when it was answered there.
            UnixSocket requests = new(message.Descriptors.Single());
            Assert.Equal(12, requests.TrySend(Frame(2, NeedReply, []), []));
            Span<int> ready = stackalloc int[1];
            Assert.Equal(1, Poller.Wait([requests.Descriptor], [Libc.PollIn], LimitMs, ready));
            backEnd.Reply(message, FakeBackEnd.U64(0));
        };
        VhostUserResult result = backEnd.FrontEnd.Negotiate(new() { QueueCount = 1, BackEndRequests = _channel }, out BackEndOffer offer);
        Assert.Equal("ok", result.ToString());
        Assert.True(offer.ProtocolFeatures.Has(ProtocolFeature.BackendReq));
        Assert.True(_changes.Wait(LimitMs));
    }

    [Fact]
    public void Without_anybody_to_serve_it_the_channel_is_not_acknowledged()
    {
        using FakeBackEnd backEnd = new() { ProtocolFeatures = 0x229 };
        Assert.True(backEnd.FrontEnd.Negotiate(new() { QueueCount = 1 }, out BackEndOffer offer).IsOk);
        Assert.Equal("MQ REPLY_ACK CONFIG", offer.ProtocolFeatures.ToString());
        Assert.DoesNotContain("SET_BACKEND_REQ_FD", backEnd.Names);
    }

    private void Serve(ProtocolFeatureSet agreed)
    {
        _channel.Serve(agreed);
        _channel.HandedOver();
    }

    private void AssertEnds(string why)
    {
        Assert.Contains(why, Refused(), StringComparison.Ordinal);
        Assert.Equal(0, Receive(new byte[1]));
    }

    private string Refused()
    {
        Assert.True(_refused.TryTake(out string? line, LimitMs), "nothing was refused");
        return line!;
    }

    private void Send(uint request, uint flags, byte[] payload, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        byte[] frame = Frame(request, flags, payload);
        Assert.Equal(frame.Length, _backEnd.TrySend(frame, descriptors));
    }

    private void Raw(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, _backEnd.TrySend(bytes, []));

    private (uint Request, uint Flags, ulong Status) Answer()
    {
        byte[] bytes = new byte[20];
        Assert.Equal(20, Receive(bytes));
        Assert.Equal(8u, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)));
        return (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(12)));
    }

    private int Receive(byte[] bytes)
    {
        Span<int> ready = stackalloc int[1];
        Assert.Equal(1, Poller.Wait([_backEnd.Descriptor], [Libc.PollIn], LimitMs, ready));
        return _backEnd.TryReceive(bytes, []);
    }

    private static byte[] Frame(uint request, uint flags, byte[] payload) => [.. Header(request, flags, (uint)payload.Length), .. payload];

    private static byte[] Header(uint request, uint flags, uint size) =>
        [.. BitConverter.GetBytes(request), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(size)];
}
