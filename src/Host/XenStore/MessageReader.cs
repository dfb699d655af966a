namespace XenDmHost.Host.XenStore;

/// <summary>Cuts the store's byte stream into messages: a read may bring a part of one or several at once.</summary>
internal sealed class MessageReader
{
    private readonly byte[] _buffer = new byte[4 * XenStoreLimits.MaxPayload];
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; never empty after <see cref="TryTake"/> said <see cref="WireStatus.Incomplete"/>.</summary>
    internal Span<byte> Free
    {
        get
        {
            Compact();
            return _buffer.AsSpan(_end);
        }
    }

    /// <summary><paramref name="count"/> bytes were put into <see cref="Free"/>.</summary>
    internal void Advance(int count) => _end += count;

    internal WireStatus TryTake(out XenStoreMessage message)
    {
        message = default;
        ReadOnlySpan<byte> available = _buffer.AsSpan(_start, _end - _start);
        WireStatus status = MessageHeader.TryRead(available, out MessageHeader header);
        if (status != WireStatus.Complete) return status;
        int length = MessageHeader.Size + (int)header.PayloadLength;
        if (available.Length < length) return WireStatus.Incomplete;
        message = new XenStoreMessage(header, available[MessageHeader.Size..length].ToArray());
        _start += length;
        return WireStatus.Complete;
    }

    private void Compact()
    {
        if (_start == 0) return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}
