using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>GET_INFLIGHT_FD and SET_INFLIGHT_FD.</summary>
internal sealed class InflightExchange(VhostUserChannel channel, VhostUserLimits limits)
{
    /// <summary>A new buffer, which is the caller's; null after a failure.</summary>
    internal VhostUserResult Get(ushort queueCount, ushort queueSize, out InflightBuffer? buffer)
    {
        MessageSubject subject = new(FrontEndRequest.GetInflightFd, $"{queueCount} queues of {queueSize}");
        Span<byte> answer = stackalloc byte[InflightPayload.Size];
        InflightPayload request = new() { QueueCount = queueCount, QueueSize = queueSize };
        VhostUserResult result = channel.QueryDescriptor(subject, Bytes(request), answer, out FileDescriptor? descriptor, limits.AnswerMs);
        buffer = null;
        if (!result.IsOk)
        {
            return result;
        }

        InflightPayload given = MemoryMarshal.Read<InflightPayload>(answer);
        string? refusal = InflightBuffer.TryTake(descriptor, given.MmapOffset, given.MmapSize, queueCount, queueSize, out buffer);
        return refusal is null ? result : channel.Reject(subject, "the answer is " + refusal);
    }

    /// <summary>Hands a buffer to a back-end, the one that made it or the next.</summary>
    internal VhostUserResult Set(InflightBuffer buffer)
    {
        InflightPayload request = new()
        {
            MmapSize = buffer.Size,
            MmapOffset = buffer.Offset,
            QueueCount = buffer.QueueCount,
            QueueSize = buffer.QueueSize,
        };
        MessageSubject subject = new(FrontEndRequest.SetInflightFd, $"{buffer.QueueCount} queues of {buffer.QueueSize}");
        return channel.Confirm(subject, Bytes(request), [buffer.Descriptor], limits.AnswerMs);
    }

    private static byte[] Bytes(in InflightPayload payload)
    {
        byte[] bytes = new byte[InflightPayload.Size];
        MemoryMarshal.Write(bytes, in payload);
        return bytes;
    }
}
