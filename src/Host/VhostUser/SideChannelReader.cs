using System.Runtime.InteropServices;
using XenDmHost.Abstractions;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// Takes messages of a side channel off the wire: 12 bytes of header without version bits, then the payload. Between
/// messages it waits without a limit; a message that has begun must be complete within one.
/// </summary>
/// <param name="socket">Where they come from; not owned.</param>
/// <param name="need">The limits that the plugin declares.</param>
/// <param name="limitMs">How long a message may take from its first byte to its last.</param>
internal sealed class SideChannelReader(DeadlineSocket socket, SideChannelNeed need, int limitMs)
{
    private const int FirstPiece = 64 << 10;

    private readonly List<FileDescriptor> _descriptors = [];
    private byte[] _payload = [];
    private long _deadline;

    /// <summary>What is wrong with what came, in words; null as long as all is well.</summary>
    internal string? Violation { get; private set; }

    /// <summary>The payload of the newest message.</summary>
    internal ReadOnlySpan<byte> PayloadOf(in MessageHeader header) => _payload.AsSpan(0, (int)header.PayloadSize);

    /// <summary>The next message; false when there is none any more, see <see cref="Violation"/>.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="descriptors">What came with it; the caller's from here on. Empty after a failure.</param>
    internal bool TryNext(out MessageHeader header, out SideChannelDescriptors descriptors)
    {
        bool complete = TryReadHeader(out header) && TryReadPayload(in header);
        if (!complete)
        {
            _descriptors.ForEach(descriptor => descriptor.Dispose());
            _descriptors.Clear();
        }

        descriptors = new SideChannelDescriptors(_descriptors.ConvertAll(descriptor => descriptor.Release()));
        _descriptors.Clear();
        return complete;
    }

    private bool TryReadHeader(out MessageHeader header)
    {
        Span<byte> wire = stackalloc byte[MessageHeader.Size];
        header = default;
        if (!TryReceive(wire[..1], long.MaxValue, "a message"))
        {
            return false;
        }

        _deadline = Environment.TickCount64 + limitMs;
        if (!TryReceive(wire[1..], _deadline, "the header of a message"))
        {
            return false;
        }

        header = MemoryMarshal.Read<MessageHeader>(wire);
        if (header.PayloadSize <= (uint)need.MaxPayload)
        {
            return true;
        }

        Violation = $"request {header.Request} announces {header.PayloadSize} bytes of payload; {need.MaxPayload} are the most here";
        return false;
    }

    /// <summary>The buffer grows with what has come, not with what was announced.</summary>
    private bool TryReadPayload(in MessageHeader header)
    {
        int size = (int)header.PayloadSize, filled = 0;
        while (filled < size)
        {
            int room = Math.Min(size, Math.Max(FirstPiece, filled * 2));
            if (_payload.Length < room)
            {
                Array.Resize(ref _payload, room);
            }

            int end = Math.Min(size, _payload.Length);
            if (!TryReceive(_payload.AsSpan(filled, end - filled), _deadline, $"request {header.Request} with {size} bytes of payload"))
            {
                return false;
            }

            filled = end;
        }

        return true;
    }

    private bool TryReceive(Span<byte> bytes, long deadline, string what)
    {
        TransferOutcome outcome = socket.Receive(bytes, _descriptors, need.MaxDescriptors, deadline);
        Violation ??= outcome switch
        {
            TransferOutcome.UnexpectedDescriptors => $"more than {need.MaxDescriptors} file descriptor(s) came with {what}",
            TransferOutcome.TimedOut when deadline != long.MaxValue => $"{what} was begun and not completed within {limitMs} ms",
            TransferOutcome.Error => $"recvmsg: {Errno.NameOf(socket.LastErrno)}",
            _ => null,
        };
        return outcome == TransferOutcome.Done;
    }
}
