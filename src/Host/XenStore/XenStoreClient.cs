using System.Collections.Concurrent;
using System.Globalization;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.Host.XenStore;

/// <summary>
/// The store's client. Requests may come from any thread, from within watch callbacks too; each has a time limit.
/// When the connection goes away requests answer <see cref="XenStoreError.Disconnected"/> at once, and the client
/// connects again; every watch then fires once, and whoever watches reads anew what he follows.
/// </summary>
internal sealed class XenStoreClient : XenStoreOperations, IDisposable
{
    private readonly Func<IXenStoreTransport> _connect;
    private readonly XenStoreClientOptions _options;
    private readonly ConcurrentDictionary<string, XenStoreWatch> _watches = new(StringComparer.Ordinal);
    private readonly EventDispatcher _dispatcher;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _reader;
    private volatile XenStoreConnection _connection;
    private long _lastToken;

    private XenStoreClient(Func<IXenStoreTransport> connect, XenStoreClientOptions options)
    {
        _connect = connect;
        _options = options;
        _connection = new XenStoreConnection(connect(), Deliver);
        _dispatcher = new EventDispatcher(options.CallbackFailed, options.EndLimit);
        _reader = new Thread(Run) { IsBackground = true, Name = "xenstore reader" };
        _reader.Start();
    }

    /// <param name="connect">Opens the transport, now and after each loss.</param>
    /// <param name="options">Left out: the defaults.</param>
    /// <exception cref="IOException">The first connection failed.</exception>
    internal static XenStoreClient Connect(Func<IXenStoreTransport> connect, XenStoreClientOptions? options = null) =>
        new(connect, options ?? new XenStoreClientOptions());

    /// <inheritdoc cref="Connect"/>
    internal static XenStoreClient ConnectUnix(string socketPath, XenStoreClientOptions? options = null) =>
        Connect(() => UnixSocketTransport.Connect(socketPath), options);

    /// <summary>
    /// Calls <paramref name="changed"/> with the path of whatever is created, written or removed at or below
    /// <paramref name="path"/>, and once at the start. Calls may be more than the changes: read anew each time.
    /// A watch made while the connection is lost is registered as soon as it is back.
    /// </summary>
    internal XenStoreResult<XenStoreWatch> Watch(string path, Action<string> changed)
    {
        if (!StorePath.IsWatchable(path)) return XenStoreError.EINVAL;
        string token = "w" + Interlocked.Increment(ref _lastToken).ToString(CultureInfo.InvariantCulture);
        XenStoreWatch watch = new(path, token, changed, Unwatch);
        _watches[token] = watch;
        XenStoreError error = RequestChecked(XenStoreOperation.Watch, watch.Payload).Error;

        // EEXIST: a reconnect has just registered it, since nobody else has this token.
        if (error is XenStoreError.None or XenStoreError.EEXIST or XenStoreError.Disconnected) return watch;
        watch.Dispose();
        return error;
    }

    /// <summary>
    /// Runs <paramref name="body"/> in a transaction and commits when it answers <see cref="XenStoreError.None"/>;
    /// any other answer, or an exception, aborts. A conflict with somebody else's writes runs it again.
    /// </summary>
    internal XenStoreError RunTransaction(Func<XenStoreTransaction, XenStoreError> body)
    {
        XenStoreError error = XenStoreError.EAGAIN;
        for (int attempt = 0; error == XenStoreError.EAGAIN && attempt < _options.TransactionAttempts; attempt++)
        {
            error = TryTransaction(body);
        }

        return error;
    }

    internal XenStoreResult<string> GetDomainPath(uint domid)
    {
        XenStoreResult<byte[]> answer = Request(XenStoreOperation.GetDomainPath, EncodeDomid(domid));
        return answer.Ok ? WireText.Split(answer.Value).FirstOrDefault("") : answer.Error;
    }

    internal XenStoreResult<bool> IsDomainIntroduced(uint domid)
    {
        XenStoreResult<byte[]> answer = Request(XenStoreOperation.IsDomainIntroduced, EncodeDomid(domid));
        return answer.Ok ? answer.Value is [(byte)'T', ..] : answer.Error;
    }

    /// <summary>What the store offers to us (XENSTORE_SERVER_FEATURE_*); none where it is too old to say.</summary>
    internal XenStoreResult<StoreFeatures> GetFeatures()
    {
        XenStoreResult<byte[]> answer = Request(XenStoreOperation.GetFeature, []);
        if (answer.Error is XenStoreError.ENOSYS or XenStoreError.EINVAL) return StoreFeatures.None;
        if (!answer.Ok) return answer.Error;
        string text = WireText.Split(answer.Value).FirstOrDefault("");
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint bits) ? (StoreFeatures)bits : XenStoreError.Malformed;
    }

    /// <summary>Asks the daemon itself something, as <c>xenstore-control</c> does; for privileged callers.</summary>
    /// <param name="words">The command and its arguments, for example <c>print</c> and <c>hello</c>.</param>
    internal XenStoreResult<string> Control(params IReadOnlyList<string> words)
    {
        if (words.Count == 0 || !words.All(word => WireText.IsEncodable(word, nulAllowed: false))) return XenStoreError.EINVAL;
        XenStoreResult<byte[]> answer = RequestChecked(XenStoreOperation.Control, WireText.Encode(words));
        return answer.Ok ? WireText.Decode(answer.Value).TrimEnd('\0') : answer.Error;
    }

    /// <summary>Runs <paramref name="action"/> where watch callbacks run, after those already waiting.</summary>
    internal void Post(Action action) => _dispatcher.Post(action);

    public void Dispose()
    {
        if (_stop.IsSet) return;
        _stop.Set();
        _connection.Close();
        if (!_reader.Join(_options.EndLimit))
        {
            _options.CallbackFailed?.Invoke(new TimeoutException(
                $"xenstore's reader has not ended within {_options.EndLimit.TotalSeconds:0.#} s; please report this"));
        }

        _dispatcher.Dispose();
    }

    private protected override XenStoreResult<byte[]> Request(XenStoreOperation operation, byte[] payload) =>
        _connection.Request(operation, 0, payload, _options.RequestLimit);

    private static byte[] EncodeDomid(uint domid) => WireText.Encode([domid.ToString(CultureInfo.InvariantCulture)]);

    private XenStoreError TryTransaction(Func<XenStoreTransaction, XenStoreError> body)
    {
        XenStoreConnection connection = _connection;
        XenStoreResult<byte[]> start = connection.Request(XenStoreOperation.TransactionStart, 0, WireText.Encode([""]), _options.RequestLimit);
        if (!start.Ok) return start.Error;
        string text = WireText.Split(start.Value).FirstOrDefault("");
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id)) return XenStoreError.Malformed;
        return RunBody(new XenStoreTransaction(connection, id, _options.RequestLimit), body);
    }

    private static XenStoreError RunBody(XenStoreTransaction transaction, Func<XenStoreTransaction, XenStoreError> body)
    {
        XenStoreError error = XenStoreError.EIO;
        try
        {
            error = body(transaction);
        }
        finally
        {
            if (error != XenStoreError.None) transaction.Abort();
        }

        return error == XenStoreError.None ? transaction.Commit() : error;
    }

    private void Unwatch(XenStoreWatch watch)
    {
        _watches.TryRemove(watch.Token, out _);
        if (!_stop.IsSet) _connection.Post(XenStoreOperation.Unwatch, watch.Payload);
    }

    private void Deliver(string eventPath, string token)
    {
        // An event may still be on its way when its watch is gone.
        if (_watches.TryGetValue(token, out XenStoreWatch? watch)) _dispatcher.Post(watch, eventPath);
    }

    private void Run()
    {
        do
        {
            _connection.ReadUntilEnd();
            if (!_stop.IsSet) NotifyConnection(_connection.EndReason);
            _connection.Dispose();
        }
        while (Reconnect());
    }

    private bool Reconnect()
    {
        for (TimeSpan backoff = _options.FirstBackoff; !_stop.Wait(backoff); backoff = Longer(backoff))
        {
            if (!TryConnect()) continue;
            NotifyConnection(null);
            foreach (XenStoreWatch watch in _watches.Values) _connection.Renew(watch.Payload);
            return true;
        }

        return false;
    }

    private TimeSpan Longer(TimeSpan backoff) =>
        backoff * 2 < _options.LongestBackoff ? backoff * 2 : _options.LongestBackoff;

    private bool TryConnect()
    {
        try
        {
            _connection = new XenStoreConnection(_connect(), Deliver);
            // Dispose may have closed the connection before this one.
            if (_stop.IsSet) _connection.Close();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void NotifyConnection(string? reason)
    {
        if (_options.ConnectionChanged is { } changed) _dispatcher.Post(() => changed(reason));
    }
}
