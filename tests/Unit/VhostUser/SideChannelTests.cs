using System.Runtime.InteropServices;
using XenDmHost.Abstractions;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>The host's part of a plugin's own socket: framing, limits, descriptors, and that it always ends.</summary>
public sealed class SideChannelTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly RecordingHandler _handler = new();
    private readonly TaskCompletionSource<SideChannelEnd> _ended = new();
    private readonly Witness _witness = new();
    private SideChannel? _channel;

    public void Dispose()
    {
        _channel?.Dispose();
        _witness.Dispose();
    }

    [Fact]
    public void A_message_reaches_the_plugin_and_its_answer_the_back_end()
    {
        _handler.Answer = SideChannelOutcome.Reply(4, new byte[] { 9, 8 });
        UnixSocket peer = Open();
        Send(peer, [7, 5, 3], [0xAA, 0xBB, 0xCC]);
        byte[] answer = Receive(peer, 14);
        Assert.Equal([7u, 4, 2], MemoryMarshal.Cast<byte, uint>(answer.AsSpan(0, 12)).ToArray());
        Assert.Equal([9, 8], answer[12..]);
        Assert.Equal("request 7, flags 5, AABBCC, 0 descriptor(s)", Assert.Single(_handler.Seen));
    }

    [Fact]
    public void A_message_may_come_byte_by_byte()
    {
        _handler.Answer = SideChannelOutcome.Reply(4, default);
        UnixSocket peer = Open();
        foreach (byte part in (byte[])[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 5, 6])
        {
            Assert.Equal(1, peer.TrySend([part], []));
        }

        Receive(peer, 12);
        Assert.Equal("request 1, flags 0, 0506, 0 descriptor(s)", Assert.Single(_handler.Seen));
    }

    [Fact]
    public void Descriptors_that_the_plugin_does_not_take_are_closed()
    {
        _handler.Answer = SideChannelOutcome.Reply(4, default);
        int before = _witness.OpenCount();
        UnixSocket peer = Open();
        Send(peer, [1, 0, 0], [], _witness.Times(2));
        Receive(peer, 12);
        Assert.Equal("request 1, flags 0, , 2 descriptor(s)", Assert.Single(_handler.Seen));
        Assert.Equal(before, _witness.OpenCount());
    }

    [Fact]
    public void More_descriptors_than_declared_are_closed_and_end_the_channel()
    {
        int before = _witness.OpenCount();
        Send(Open(), [1, 0, 0], [], _witness.Times(3));
        Assert.Equal("more than 2 file descriptor(s) came with a message", End().Violation);
        Assert.Equal(before, _witness.OpenCount());
        Assert.Empty(_handler.Seen);
    }

    [Fact]
    public void A_payload_over_the_limit_is_not_waited_for()
    {
        Send(Open(), [6, 0, 4097], []);
        Assert.Equal("request 6 announces 4097 bytes of payload; 4096 are the most here", End().Violation);
    }

    [Fact]
    public void A_message_that_is_not_completed_ends_the_channel()
    {
        Send(Open(limitMs: 50), [6, 0, 8], [1, 2, 3]);
        Assert.Equal("request 6 with 8 bytes of payload was begun and not completed within 50 ms", End().Violation);
    }

    [Fact]
    public void What_the_plugin_calls_a_violation_ends_the_channel()
    {
        _handler.Answer = SideChannelOutcome.Violation("no such request");
        Send(Open(), [99, 0, 0], []);
        Assert.Equal("no such request", End().Violation);
    }

    [Fact]
    public void A_plugin_that_throws_loses_its_channel_and_no_more()
    {
        _handler.Throws = new InvalidOperationException("oops");
        Send(Open(), [1, 0, 0], []);
        SideChannelEnd end = End();
        Assert.Equal("the plugin failed: InvalidOperationException: oops", end.Violation);
        Assert.Same(_handler.Throws, end.PluginFault);
    }

    [Fact]
    public void A_back_end_that_closes_its_end_breaks_no_rule()
    {
        Open().Dispose();
        Assert.Null(End().Violation);
        Assert.True(_handler.IsDisposed);
    }

    [Fact]
    public void Dispose_ends_a_silent_channel_and_tells_nobody()
    {
        UnixSocket peer = Open();
        _channel!.Dispose();
        Assert.True(_handler.IsDisposed);
        Assert.False(_ended.Task.IsCompleted);
        Assert.Equal(0, peer.TryReceive(new byte[1], []));
    }

    private UnixSocket Open(int limitMs = 30_000)
    {
        SideChannelNeed need = new(33, "test") { MaxDescriptors = 2 };
        _channel = new SideChannel(need, _handler, limitMs, _ended.SetResult);
        UnixSocket peer = new(_channel.Theirs.Duplicate());
        _channel.CloseTheirs();
        return peer;
    }

    private SideChannelEnd End()
    {
        Assert.True(_ended.Task.Wait(Limit), "the channel does not end");
        return _ended.Task.Result;
    }

    private static void Send(UnixSocket peer, uint[] header, byte[] payload, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        byte[] wire = [.. MemoryMarshal.AsBytes<uint>(header), .. payload];
        Assert.Equal(wire.Length, peer.TrySend(wire, descriptors));
    }

    private static byte[] Receive(UnixSocket peer, int count)
    {
        byte[] bytes = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            Poller.Wait([peer.Descriptor], [Libc.PollIn], (int)Limit.TotalMilliseconds, new int[1]);
            int received = peer.TryReceive(bytes.AsSpan(filled), []);
            Assert.True(received > 0, $"{received} after {filled} bytes");
            filled += received;
        }

        return bytes;
    }

    private sealed class RecordingHandler : ISideChannelHandler
    {
        internal List<string> Seen { get; } = [];

        internal SideChannelOutcome Answer { get; set; }

        internal Exception? Throws { get; set; }

        internal bool IsDisposed { get; private set; }

        public SideChannelOutcome Receive(SideChannelMessage message)
        {
            Seen.Add($"request {message.Request}, flags {message.Flags}, {Convert.ToHexString(message.Payload)}, {message.Descriptors.Count} descriptor(s)");
            return Throws is null ? Answer : throw Throws;
        }

        public void Dispose() => IsDisposed = true;
    }
}
