using System.Collections.Concurrent;
using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

public sealed class XenStoreClientTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly BlockingCollection<ScriptedTransport> _transports = [];
    private readonly BlockingCollection<string?> _connectionChanges = [];
    private readonly XenStoreClient _client;
    private readonly ScriptedTransport _store;

    public XenStoreClientTests()
    {
        _client = XenStoreClient.Connect(Open, new XenStoreClientOptions
        {
            FirstBackoff = TimeSpan.FromMilliseconds(1),
            RequestLimit = s_limit,
            TransactionAttempts = 3,
            ConnectionChanged = _connectionChanges.Add,
        });
        _store = _transports.Take();
    }

    public void Dispose()
    {
        _client.Dispose();
        _transports.Dispose();
        _connectionChanges.Dispose();
    }

    [Fact]
    public async Task Read_is_one_message_with_the_path_and_a_NUL()
    {
        Task<XenStoreResult<string>> read = Task.Run(() => _client.Read("/a"));
        byte[] request = _store.Answer(2, "no NUL behind the value");
        Assert.Equal(Wire.Hex("02000000 01000000 00000000 03000000 2f6100"), request);
        Assert.Equal("no NUL behind the value", (await read).Value);
    }

    [Fact]
    public async Task Write_sends_the_value_without_a_NUL()
    {
        Task<XenStoreError> write = Task.Run(() => _client.Write("/a", "hi"));
        byte[] request = _store.Answer(11, "OK\0");
        Assert.Equal(Wire.Hex("0b000000 01000000 00000000 05000000 2f6100 6869"), request);
        Assert.Equal(XenStoreError.None, await write);
    }

    [Fact]
    public async Task Watch_sends_path_and_token_each_with_a_NUL()
    {
        Task<XenStoreResult<XenStoreWatch>> watch = Task.Run(() => _client.Watch("/a", _ => { }));
        byte[] request = _store.Answer(4, "OK\0");
        Assert.Equal(Wire.Hex("04000000 01000000 00000000 06000000 2f6100 773100"), request);
        Assert.True((await watch).Ok);
    }

    [Fact]
    public async Task A_transaction_starts_with_one_NUL_and_ends_with_T()
    {
        Task<XenStoreError> run = Task.Run(() => _client.RunTransaction(transaction => transaction.Mkdir("/a")));
        byte[] start = _store.Answer(6, "258\0");
        byte[] mkdir = _store.Answer(12, "OK\0");
        byte[] end = _store.Answer(7, "OK\0");
        Assert.Equal(Wire.Hex("06000000 01000000 00000000 01000000 00"), start);
        Assert.Equal(Wire.Hex("0c000000 02000000 02010000 03000000 2f6100"), mkdir);
        Assert.Equal(Wire.Hex("07000000 03000000 02010000 02000000 5400"), end);
        Assert.Equal(XenStoreError.None, await run);
    }

    [Fact]
    public async Task A_body_that_answers_an_error_aborts_its_transaction()
    {
        Task<XenStoreError> run = Task.Run(() => _client.RunTransaction(_ => XenStoreError.ENOENT));
        _store.Answer(6, "1\0");
        byte[] end = _store.Answer(7, "OK\0");
        Assert.Equal("F\0"u8.ToArray(), end[16..]);
        Assert.Equal(XenStoreError.ENOENT, await run);
    }

    [Fact]
    public async Task A_body_that_throws_aborts_its_transaction_and_the_exception_comes_out()
    {
        Task<XenStoreError> run = Task.Run(() => _client.RunTransaction(_ => throw new InvalidOperationException("ours")));
        _store.Answer(6, "1\0");
        byte[] end = _store.Answer(7, "OK\0");
        Assert.Equal("F\0"u8.ToArray(), end[16..]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
    }

    [Fact]
    public async Task A_conflict_begins_the_transaction_again_a_bounded_number_of_times()
    {
        int runs = 0;
        Task<XenStoreError> run = Task.Run(() => _client.RunTransaction(_ =>
        {
            runs++;
            return XenStoreError.None;
        }));
        for (int attempt = 0; attempt < 3; attempt++)
        {
            _store.Answer(6, "1\0");
            _store.Answer(16, "EAGAIN\0");
        }

        Assert.Equal(XenStoreError.EAGAIN, await run);
        Assert.Equal(3, runs);
    }

    [Theory]
    [InlineData("ENOENT\0", XenStoreError.ENOENT)]
    [InlineData("EACCES\0", XenStoreError.EACCES)]
    [InlineData("E2BIG", XenStoreError.E2BIG)]
    [InlineData("EQUOTA\0", XenStoreError.EINVAL)]
    [InlineData("Disconnected\0", XenStoreError.EINVAL)]
    [InlineData("", XenStoreError.EINVAL)]
    public async Task An_error_is_known_by_its_name(string payload, object expected)
    {
        Task<XenStoreError> remove = Task.Run(() => _client.Remove("/a"));
        _store.Answer(16, payload);
        Assert.Equal((XenStoreError)expected, await remove);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_malformed()
    {
        Task<XenStoreResult<string>> read = Task.Run(() => _client.Read("/a"));
        _store.Answer(1, "x\0");
        Assert.Equal(XenStoreError.Malformed, (await read).Error);
    }

    [Fact]
    public async Task Answers_find_their_requests_in_any_order()
    {
        Task<XenStoreResult<string>> first = Task.Run(() => _client.Read("/first"));
        byte[] firstRequest = _store.TakeSent();
        Task<XenStoreResult<string>> second = Task.Run(() => _client.Read("/second"));
        _store.Answer(2, "2");
        Assert.Equal("2", (await second).Value);
        _store.Feed(Wire.Message(2, 777, 0, "nobody asked"));
        _store.Feed(Wire.Message(2, BitConverter.ToUInt32(firstRequest, 4), 0, "1"));
        Assert.Equal("1", (await first).Value);
    }

    [Fact]
    public async Task An_event_may_come_before_the_answer_and_a_strange_one_is_ignored()
    {
        using BlockingCollection<string> events = [];
        Task<XenStoreResult<XenStoreWatch>> watch = Task.Run(() => _client.Watch("/a", events.Add));
        byte[] request = _store.TakeSent();
        _store.Feed(Wire.Message(15, 0xdeadbeef, 0xdeadbeef, "/other\0unknown\0"));
        _store.Feed(Wire.Message(15, 1, 0, "no token"));
        _store.Feed(Wire.Message(15, 1, 0, ""));
        _store.Feed(Wire.Message(15, 0, 0, "/a\0w1\0"));
        Assert.True(events.TryTake(out string? path, s_limit));
        Assert.Equal("/a", path);
        _store.Feed(Wire.Message(4, BitConverter.ToUInt32(request, 4), 0, "OK\0"));
        Assert.True((await watch).Ok);
    }

    [Fact]
    public async Task A_callback_may_ask_the_store()
    {
        using BlockingCollection<string> values = [];
        Task<XenStoreResult<XenStoreWatch>> watch = Task.Run(() => _client.Watch("/a", path => values.Add(_client.Read(path).Value)));
        _store.Answer(4, "OK\0");
        Assert.True((await watch).Ok);
        _store.Feed(Wire.Message(15, 0, 0, "/a\0w1\0"));
        _store.Answer(2, "from within");
        Assert.True(values.TryTake(out string? value, s_limit));
        Assert.Equal("from within", value);
    }

    [Fact]
    public async Task An_event_that_waits_already_is_not_queued_again()
    {
        using SemaphoreSlim entered = new(0);
        using SemaphoreSlim goOn = new(0);
        using BlockingCollection<string> events = [];
        Task<XenStoreResult<XenStoreWatch>> watch = Task.Run(() => _client.Watch("/a", path =>
        {
            events.Add(path);
            entered.Release();
            goOn.Wait(s_limit);
        }));
        _store.Answer(4, "OK\0");
        Assert.True((await watch).Ok);
        _store.Feed(Wire.Message(15, 0, 0, "/a\0w1\0"));
        Assert.True(await entered.WaitAsync(s_limit));
        for (int storm = 0; storm < 1000; storm++) _store.Feed(Wire.Message(15, 0, 0, "/a\0w1\0"));
        Task<XenStoreResult<string>> behindTheStorm = Task.Run(() => _client.Read("/a"));
        _store.Answer(2, "");
        await behindTheStorm;
        goOn.Release(2000);
        using ManualResetEventSlim done = new();
        _client.Post(done.Set);
        Assert.True(done.Wait(s_limit));
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_in_time_and_a_late_answer_is_ignored()
    {
        using BlockingCollection<ScriptedTransport> transports = [];
        using XenStoreClient client = XenStoreClient.Connect(
            () =>
            {
                transports.Add(new ScriptedTransport());
                return transports.Last();
            },
            new XenStoreClientOptions { RequestLimit = TimeSpan.FromMilliseconds(20) });
        ScriptedTransport silent = transports.Take();
        Assert.Equal(XenStoreError.TimedOut, await Task.Run(() => client.Write("/a", "")));
        silent.Answer(11, "OK\0");
        Assert.Equal(XenStoreError.TimedOut, await Task.Run(() => client.Write("/a", "")));
    }

    [Fact]
    public async Task The_end_of_the_connection_fails_what_waits_and_watches_are_registered_anew()
    {
        Task<XenStoreResult<XenStoreWatch>> watch = Task.Run(() => _client.Watch("/a", _ => { }));
        byte[] registration = _store.Answer(4, "OK\0");
        Assert.True((await watch).Ok);
        Task<XenStoreError> write = Task.Run(() => _client.Write("/a", ""));
        _store.TakeSent();
        _store.Close();
        Assert.Equal(XenStoreError.Disconnected, await write);

        Assert.True(_transports.TryTake(out ScriptedTransport? next, s_limit));
        Assert.Equal(registration, next.TakeSent());
        Assert.True(_connectionChanges.TryTake(out string? lost, s_limit));
        Assert.Equal("closed by the test", lost);
        Assert.True(_connectionChanges.TryTake(out string? back, s_limit));
        Assert.Null(back);
    }

    [Fact]
    public async Task A_transaction_does_not_go_on_in_another_connection()
    {
        XenStoreError inside = XenStoreError.None;
        ScriptedTransport? next = null;
        Task<XenStoreError> run = Task.Run(() => _client.RunTransaction(transaction =>
        {
            _store.Close();
            Assert.True(_transports.TryTake(out next, s_limit));
            inside = transaction.Write("/a", "must not be written by transaction 1 of somebody else");
            return inside;
        }));
        _store.Answer(6, "1\0");
        Assert.Equal(XenStoreError.Disconnected, await run);
        Assert.Equal(XenStoreError.Disconnected, inside);
        Task<XenStoreResult<string>> read = Task.Run(() => ReadOnceConnected("/first"));
        Assert.Equal("/first\0"u8.ToArray(), next!.Answer(2, "")[16..]);
        Assert.True((await read).Ok);
    }

    /// <summary>The transport is taken a moment before the client uses it; until then requests answer Disconnected at once.</summary>
    private XenStoreResult<string> ReadOnceConnected(string path)
    {
        XenStoreResult<string> read = default;
        SpinWait.SpinUntil(() => (read = _client.Read(path)).Error != XenStoreError.Disconnected, s_limit);
        return read;
    }

    [Fact]
    public void A_stream_that_lost_its_framing_is_left_for_a_new_one()
    {
        _store.Feed(Wire.Hex("02000000 01000000 00000000 ffffffff"));
        Assert.True(_transports.TryTake(out _, s_limit));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/a b")]
    [InlineData("/ä")]
    [InlineData("/a\0b")]
    [InlineData("@releaseDomain")]
    public void A_bad_path_is_refused_before_anything_is_sent(string path)
    {
        Assert.Equal(XenStoreError.EINVAL, _client.Write(path, ""));
        Assert.Equal(XenStoreError.EINVAL, _client.Read(path).Error);
        Assert.Equal(XenStoreError.EINVAL, _client.SetPermissions(path, new StorePermission(StoreAccess.None, 0)));
    }

    [Fact]
    public void Paths_end_at_the_protocols_limits()
    {
        Assert.True(StorePath.IsNode("/" + new string('a', 3071)));
        Assert.False(StorePath.IsNode("/" + new string('a', 3072)));
        Assert.True(StorePath.IsNode(new string('a', 2048)));
        Assert.False(StorePath.IsNode(new string('a', 2049)));
    }

    [Fact]
    public async Task A_payload_is_at_most_what_the_xenbus_device_takes()
    {
        Assert.Equal(XenStoreError.E2BIG, _client.Write("/a", new string('x', 4078)));
        Task<XenStoreError> write = Task.Run(() => _client.Write("/a", new string('x', 4077)));
        Assert.Equal(4096, _store.Answer(11, "OK\0").Length);
        Assert.Equal(XenStoreError.None, await write);
    }

    [Fact]
    public async Task A_long_list_comes_in_parts_and_begins_again_when_it_changes()
    {
        Task<XenStoreResult<IReadOnlyList<string>>> list = Task.Run(() => _client.Directory("/a"));
        _store.Answer(16, "E2BIG\0");
        Assert.Equal("/a\00\0"u8.ToArray(), _store.Answer(22, "7\0one\0two\0")[16..]);
        Assert.Equal("/a\08\0"u8.ToArray(), _store.Answer(22, "8\0four\0\0")[16..]);
        Assert.Equal("/a\00\0"u8.ToArray(), _store.Answer(22, "8\0two\0")[16..]);
        Assert.Equal("/a\04\0"u8.ToArray(), _store.Answer(22, "8\0four\0\0")[16..]);
        Assert.Equal(["two", "four"], (await list).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7\0")]
    [InlineData("7\0no end")]
    public async Task A_part_that_leads_nowhere_is_malformed(string part)
    {
        Task<XenStoreResult<IReadOnlyList<string>>> list = Task.Run(() => _client.Directory("/a"));
        _store.Answer(16, "E2BIG\0");
        _store.Answer(22, part);
        Assert.Equal(XenStoreError.Malformed, (await list).Error);
    }

    private ScriptedTransport Open()
    {
        ScriptedTransport transport = new();
        _transports.Add(transport);
        return transport;
    }
}
