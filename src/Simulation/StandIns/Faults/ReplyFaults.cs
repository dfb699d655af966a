using System.Buffers.Binary;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>Spoils a correct answer on its way out.</summary>
internal static class ReplyFaults
{
    private const int ConfigHeaderSize = 12;

    /// <summary>The frame as it goes out: 12 bytes of header and the payload, in host order.</summary>
    internal static byte[] Frame(FaultPlan plan, Request request, byte[] payload)
    {
        payload = SpoilConfig(plan, request, payload);
        if (plan.Has(FaultKind.ShortReply, request)) payload = payload[..(payload.Length / 2)];
        if (plan.Has(FaultKind.OversizedReply, request)) payload = [.. payload, .. new byte[2 * VhostUserMessage.MaximumPayload]];
        uint id = (uint)request + (plan.Has(FaultKind.WrongIdReply, request) ? 1u : 0);
        byte[] frame = [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes(VhostUserMessage.Version | VhostUserMessage.Reply),
            .. BitConverter.GetBytes(payload.Length), .. payload];
        return plan.Has(FaultKind.CutReply, request) ? frame[..(VhostUserMessage.HeaderSize + (payload.Length / 2))] : frame;
    }

    /// <summary>Descriptors that nobody asked for; the caller closes them.</summary>
    internal static FileDescriptor[] Descriptors(FaultPlan plan, Request request)
    {
        int count = plan.Find(FaultKind.UnexpectedFds, request)?.Number ?? 0;
        FileDescriptor[] fds = new FileDescriptor[Math.Min(count, ControlMessages.MaximumDescriptors)];
        for (int i = 0; i < fds.Length; i++) fds[i] = EventFd.Create(nonBlocking: true).Fd;
        return fds;
    }

    /// <summary>Fewer or more bytes of config than asked for, in a frame that is consistent in itself.</summary>
    private static byte[] SpoilConfig(FaultPlan plan, Request request, byte[] payload)
    {
        if (request != Request.GET_CONFIG || payload.Length <= ConfigHeaderSize) return payload;
        if (plan.Has(FaultKind.ConfigShort)) payload = payload[..^1];
        if (plan.Has(FaultKind.ConfigLong)) payload = [.. payload, .. new byte[16]];
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), payload.Length - ConfigHeaderSize);
        return payload;
    }
}
