using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// One connection to a back-end: frames messages, matches answers, and turns whatever the peer does into a result.
/// One message is one sendmsg, because back-ends read the header, then the payload, in one call each. After any failure
/// other than Refused the connection is done for: every further request returns that first failure.
/// </summary>
internal sealed class VhostUserChannel : IDisposable
{
    private readonly DeadlineSocket _socket;
    private readonly byte[] _message = new byte[MessageHeader.Size + MessageHeader.MaxPayload];
    private VhostUserResult _brokenBy;
    private bool _answered;

    /// <param name="socket">The connection; owned from here on.</param>
    /// <param name="wakeUp">Wakes a wait so that it looks at <paramref name="earlierDeadline"/> again; not owned; null for none.</param>
    /// <param name="earlierDeadline">The owner's own deadline in Environment.TickCount64; null or long.MaxValue for none.</param>
    internal VhostUserChannel(UnixSocket socket, EventFd? wakeUp = null, Func<long>? earlierDeadline = null) =>
        _socket = new DeadlineSocket(socket, wakeUp, earlierDeadline ?? (() => long.MaxValue));

    /// <summary>To wait on for a hang-up while nothing is asked.</summary>
    internal FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>Whether REPLY_ACK was acknowledged. Before that a back-end would never answer NEED_REPLY.</summary>
    internal bool ReplyAck { get; set; }

    /// <summary>
    /// Sends a request without an answer of its own and learns whether it was accepted: by REPLY_ACK, or, without that, by
    /// asking GET_FEATURES afterwards, so that a refusal is seen here and not at the next message.
    /// </summary>
    internal VhostUserResult Confirm(
        MessageSubject subject, ReadOnlySpan<byte> payload, ReadOnlySpan<FileDescriptor> descriptors, int limitMs)
    {
        long deadline = Environment.TickCount64 + limitMs;
        Span<byte> answer = stackalloc byte[sizeof(ulong)];
        if (!ReplyAck)
        {
            VhostUserResult plain = Send(subject.Request, subject, MessageHeader.RequestFlags, payload, descriptors, deadline);
            return plain.IsOk ? Barrier(subject, answer, deadline) : plain;
        }

        VhostUserResult sent = Send(subject.Request, subject, MessageHeader.RequestFlags | MessageHeader.NeedReply, payload, descriptors, deadline);
        VhostUserResult replied = sent.IsOk ? Receive(subject, subject.Request, answer, [], out _, deadline) : sent;
        ulong status = MemoryMarshal.Read<ulong>(answer);
        return replied.IsOk && status != 0
            ? Break(VhostUserResult.Failed(VhostUserFailure.Nack, subject, $"refused by the back-end (answer {status})"))
            : replied;
    }

    /// <summary>Sends a request that has no answer and is not to be waited for.</summary>
    internal VhostUserResult SendOnly(
        MessageSubject subject, ReadOnlySpan<byte> payload, ReadOnlySpan<FileDescriptor> descriptors, int limitMs) =>
        Send(subject.Request, subject, MessageHeader.RequestFlags, payload, descriptors, Environment.TickCount64 + limitMs);

    /// <summary>Sends a request whose answer fills <paramref name="answer"/> exactly.</summary>
    internal VhostUserResult Query(MessageSubject subject, ReadOnlySpan<byte> payload, Span<byte> answer, int limitMs) =>
        Query(subject, payload, answer, [], out _, limitMs);

    /// <summary>Sends a request whose answer fills <paramref name="answer"/>, or has one of the other sizes defined for it.</summary>
    internal VhostUserResult Query(
        MessageSubject subject, ReadOnlySpan<byte> payload, Span<byte> answer, ReadOnlySpan<int> otherSizes, out int length, int limitMs)
    {
        long deadline = Environment.TickCount64 + limitMs;
        length = 0;
        VhostUserResult sent = Send(subject.Request, subject, MessageHeader.RequestFlags, payload, [], deadline);
        return sent.IsOk ? Receive(subject, subject.Request, answer, otherSizes, out length, deadline) : sent;
    }

    /// <summary>Sends a request whose answer fills <paramref name="answer"/> exactly and brings one descriptor, or none.</summary>
    /// <param name="subject">The request.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="answer">Room for the answer.</param>
    /// <param name="descriptor">The caller's from here on; null when none came, and after every failure.</param>
    /// <param name="limitMs">How long to wait.</param>
    internal VhostUserResult QueryDescriptor(
        MessageSubject subject, ReadOnlySpan<byte> payload, Span<byte> answer, out FileDescriptor? descriptor, int limitMs)
    {
        _socket.DescriptorsWelcome = 1;
        VhostUserResult result = Query(subject, payload, answer, limitMs);
        descriptor = _socket.TakeDescriptor(keep: result.IsOk);
        return result;
    }

    /// <summary>
    /// Looks at the connection while nothing is asked: Closed when the back-end has left, Malformed when it sent something.
    /// Never waits.
    /// </summary>
    internal VhostUserResult CheckIdle() => CheckIdle(MessageSubject.Idle);

    /// <summary>Gives the connection up over an answer whose contents are wrong.</summary>
    internal VhostUserResult Reject(MessageSubject subject, string what) => Malformed(subject, what);

    public void Dispose() => _socket.Dispose();

    private VhostUserResult CheckIdle(MessageSubject subject)
    {
        if (!_brokenBy.IsOk)
        {
            return _brokenBy;
        }

        TransferOutcome outcome = _socket.Peek(out int bytes);
        if (outcome == TransferOutcome.Done && bytes == 0)
        {
            return VhostUserResult.Ok;
        }

        return outcome == TransferOutcome.Done
            ? Malformed(subject, "the back-end sent bytes that answer no request")
            : Lost(subject, outcome, "the back-end had already closed the connection", 0);
    }

    private VhostUserResult Barrier(MessageSubject subject, Span<byte> answer, long deadline)
    {
        VhostUserResult sent = Send(FrontEndRequest.GetFeatures, subject, MessageHeader.RequestFlags, [], [], deadline);
        return sent.IsOk ? Receive(subject, FrontEndRequest.GetFeatures, answer, [], out _, deadline) : sent;
    }

    /// <summary>Sends a request; a failure is told about the subject, which a barrier makes another one.</summary>
    private VhostUserResult Send(
        FrontEndRequest request,
        MessageSubject subject,
        uint flags,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<FileDescriptor> descriptors,
        long deadline)
    {
        VhostUserResult idle = CheckIdle(subject);
        if (!idle.IsOk)
        {
            return idle;
        }

        long start = Environment.TickCount64;
        MessageHeader header = new() { Request = (uint)request, Flags = flags, PayloadSize = (uint)payload.Length };
        header.Write(_message);
        payload.CopyTo(_message.AsSpan(MessageHeader.Size));
        TransferOutcome outcome = _socket.Send(_message.AsSpan(0, MessageHeader.Size + payload.Length), descriptors, deadline);
        return outcome == TransferOutcome.Done
            ? VhostUserResult.Ok
            : Lost(subject, outcome, "the back-end closed the connection", start);
    }

    private VhostUserResult Receive(
        MessageSubject subject, FrontEndRequest expected, Span<byte> answer, ReadOnlySpan<int> otherSizes, out int length, long deadline)
    {
        const string Closed = "the back-end closed the connection instead of answering";
        length = 0;
        long start = Environment.TickCount64;
        Span<byte> wire = stackalloc byte[MessageHeader.Size];
        TransferOutcome outcome = _socket.Receive(wire, deadline);
        if (outcome != TransferOutcome.Done)
        {
            return Lost(subject, outcome, Closed, start);
        }

        string? wrong = AnswerCheck.Find(wire, expected, answer.Length, otherSizes, out length);
        if (wrong is not null)
        {
            return Malformed(subject, wrong);
        }

        outcome = _socket.Receive(answer[..length], deadline);
        _answered |= outcome == TransferOutcome.Done;
        return outcome == TransferOutcome.Done ? VhostUserResult.Ok : Lost(subject, outcome, Closed, start);
    }

    private VhostUserResult Lost(MessageSubject subject, TransferOutcome outcome, string closed, long start) => outcome switch
    {
        TransferOutcome.Closed => Fail(VhostUserFailure.Closed, subject, WithErrno(closed)),
        TransferOutcome.TimedOut => Fail(VhostUserFailure.TimedOut, subject, $"no answer within {Environment.TickCount64 - start} ms"),
        TransferOutcome.UnexpectedDescriptors => Malformed(subject, "the back-end sent file descriptors that nobody asked for"),
        _ => Fail(VhostUserFailure.Closed, subject, WithErrno("the connection failed")),
    };

    private string WithErrno(string text) =>
        _socket.LastErrno == 0 ? text : $"{text} ({Errno.NameOf(_socket.LastErrno)})";

    private VhostUserResult Malformed(MessageSubject subject, string what) => Fail(VhostUserFailure.Malformed, subject, what);

    private VhostUserResult Fail(VhostUserFailure failure, MessageSubject subject, string @event) =>
        Break(VhostUserResult.Failed(failure, subject, @event, isFirstMessage: !_answered));

    private VhostUserResult Break(VhostUserResult failure)
    {
        _brokenBy = failure;
        return failure;
    }
}
