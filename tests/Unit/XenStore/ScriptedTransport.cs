using System.Collections.Concurrent;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>A store that the test plays itself: it takes what the client sends and feeds bytes back.</summary>
internal sealed class ScriptedTransport : IXenStoreTransport
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly BlockingCollection<byte[]> _sent = [];
    private readonly BlockingCollection<byte[]> _toReceive = [];
    private byte[] _rest = [];

    public string EndReason => "closed by the test";

    public SendOutcome Send(ReadOnlySpan<byte> message)
    {
        _sent.Add(message.ToArray());
        return SendOutcome.Sent;
    }

    public int Receive(Span<byte> buffer)
    {
        if (_rest.Length == 0)
        {
            try
            {
                _rest = _toReceive.Take();
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public void Close() => _toReceive.CompleteAdding();

    public void Dispose() => Close();

    /// <summary>The next message that the client sends.</summary>
    internal byte[] TakeSent() => _sent.TryTake(out byte[]? message, s_limit) ? message : throw new TimeoutException("the client sent nothing");

    internal void Feed(byte[] bytes) => _toReceive.Add(bytes);

    /// <summary>Takes the next request and answers it with <paramref name="operation"/> and <paramref name="payload"/>.</summary>
    internal byte[] Answer(uint operation, string payload)
    {
        byte[] request = TakeSent();
        Feed(Wire.Message(operation, BitConverter.ToUInt32(request, 4), BitConverter.ToUInt32(request, 8), payload));
        return request;
    }
}
