using System.Collections.Concurrent;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.Host.XenStore;

/// <summary>
/// One connection's life: requests go out, answers find their request by its id, watch events go to
/// <paramref name="watchEvent"/>. It ends once and does not come back; a transaction belongs to its connection.
/// </summary>
internal sealed class XenStoreConnection(IXenStoreTransport transport, Action<string, string> watchEvent) : IDisposable
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<XenStoreMessage?>> _pending = new();
    private readonly Lock _sending = new();
    private uint _lastRequestId;
    private volatile bool _ended;

    internal string EndReason => transport.EndReason;

    /// <summary>Reads until the connection ends. Whoever waits for an answer then is told so.</summary>
    internal void ReadUntilEnd()
    {
        MessageReader reader = new();
        while (Fill(reader) && DispatchAll(reader))
        {
        }

        End();
    }

    /// <summary>Sends one message and waits for its answer, at most <paramref name="limit"/>.</summary>
    internal XenStoreResult<byte[]> Request(XenStoreOperation operation, uint transaction, byte[] payload, TimeSpan limit)
    {
        TaskCompletionSource<XenStoreMessage?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        uint id = Interlocked.Increment(ref _lastRequestId);
        _pending[id] = answer;
        try
        {
            if (_ended) return XenStoreError.Disconnected;
            SendOutcome sent = Send(operation, id, transaction, payload);
            if (!sent.IsSent) return sent.Refusal;
            if (!answer.Task.Wait(limit)) return XenStoreError.TimedOut;
            return answer.Task.Result is { } message ? Judge(operation, message) : XenStoreError.Disconnected;
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Sends a message whose answer nobody waits for; usable on the reader's own thread.</summary>
    internal void Post(XenStoreOperation operation, byte[] payload) =>
        Send(operation, Interlocked.Increment(ref _lastRequestId), 0, payload);

    /// <summary>
    /// Registers a watch that an earlier connection had; usable on the reader's own thread. One that the store refuses
    /// would be silent for ever, so the connection ends then, and the next one tries again.
    /// </summary>
    internal void Renew(byte[] watch)
    {
        TaskCompletionSource<XenStoreMessage?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        uint id = Interlocked.Increment(ref _lastRequestId);
        _pending[id] = answer;
        if (Send(XenStoreOperation.Watch, id, 0, watch) is { IsSent: false })
        {
            _pending.TryRemove(id, out _);
            Close();
            return;
        }

        _ = answer.Task.ContinueWith(
            finished =>
            {
                _pending.TryRemove(id, out _);
                if (finished.Result is { } message && Judge(XenStoreOperation.Watch, message).Error is not (XenStoreError.None or XenStoreError.EEXIST)) Close();
            },
            TaskScheduler.Default);
    }

    /// <summary>Ends the connection from any thread.</summary>
    internal void Close() => transport.Close();

    public void Dispose() => transport.Dispose();

    private static XenStoreResult<byte[]> Judge(XenStoreOperation operation, XenStoreMessage message)
    {
        if (message.Header.Operation == operation) return message.Payload;
        if (message.Header.Operation == XenStoreOperation.Error) return XenStoreErrors.FromPayload(message.Payload);
        return XenStoreError.Malformed;
    }

    private SendOutcome Send(XenStoreOperation operation, uint id, uint transaction, byte[] payload)
    {
        byte[] wire = new byte[MessageHeader.Size + payload.Length];
        new MessageHeader
        {
            Operation = operation,
            RequestId = id,
            TransactionId = transaction,
            PayloadLength = (uint)payload.Length,
        }.Write(wire);
        payload.CopyTo(wire, MessageHeader.Size);
        SendOutcome outcome;
        lock (_sending) outcome = transport.Send(wire);
        if (!outcome.Alive) Close();
        return outcome;
    }

    private bool Fill(MessageReader reader)
    {
        int count = transport.Receive(reader.Free);
        reader.Advance(count);
        return count > 0;
    }

    private bool DispatchAll(MessageReader reader)
    {
        WireStatus status;
        while ((status = reader.TryTake(out XenStoreMessage message)) == WireStatus.Complete) Dispatch(message);
        return status == WireStatus.Incomplete;
    }

    private void Dispatch(XenStoreMessage message)
    {
        // By type first: the request id of an event from /dev/xen/xenbus is garbage.
        if (message.Header.Operation == XenStoreOperation.WatchEvent)
        {
            List<string> strings = WireText.Split(message.Payload);
            if (strings.Count >= 2) watchEvent(strings[0], strings[1]);
        }
        else if (_pending.TryGetValue(message.Header.RequestId, out TaskCompletionSource<XenStoreMessage?>? answer))
        {
            answer.TrySetResult(message);
        }
    }

    private void End()
    {
        _ended = true;
        Close();
        foreach (TaskCompletionSource<XenStoreMessage?> answer in _pending.Values) answer.TrySetResult(null);
    }
}
