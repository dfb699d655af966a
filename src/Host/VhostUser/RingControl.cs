using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>Starts, enables and stops rings.</summary>
internal sealed class RingControl(VhostUserChannel channel, BackEndOffer offer, VhostUserLimits limits)
{
    /// <summary>
    /// SET_VRING_NUM, BASE, ERR, CALL, ADDR, KICK. All else comes before the addresses, because from SET_VRING_ADDR on
    /// back-ends look at the ring in guest memory, and one that has a reason of its own to look serves what it finds there
    /// before any kick. What is used at once must find somebody to call: libvhost-user ends where there is nobody.
    /// </summary>
    internal VhostUserResult Start(RingSetup ring)
    {
        string? violation = RingRules.Violation(ring);
        if (violation is not null)
        {
            return VhostUserResult.Refused(new MessageSubject(FrontEndRequest.SetVringAddr, $"queue {ring.Index}"), "not sent: " + violation);
        }

        return SetSize(ring.Index, ring.Size)
            .Then(() => SetState(FrontEndRequest.SetVringBase, ring.Index, ring.Base))
            .Then(() => ring.Error is null ? VhostUserResult.Ok : SetEventFd(FrontEndRequest.SetVringErr, ring.Index, ring.Error))
            .Then(() => SetEventFd(FrontEndRequest.SetVringCall, ring.Index, ring.Call))
            .Then(() => SetAddress(ring))
            .Then(() => SetEventFd(FrontEndRequest.SetVringKick, ring.Index, ring.Kick));
    }

    internal VhostUserResult SetSize(int index, int size) => SetState(FrontEndRequest.SetVringNum, index, (uint)size);

    /// <summary>Without protocol features SET_FEATURES enables all rings, and there is nothing to send.</summary>
    internal VhostUserResult Enable(int index, bool enabled) =>
        offer.HasProtocolFeatures ? SetState(FrontEndRequest.SetVringEnable, index, enabled ? 1u : 0u) : VhostUserResult.Ok;

    /// <summary>Replaces the call eventfd of a running ring, or takes it away with null.</summary>
    internal VhostUserResult SetCall(int index, EventFd? call) => SetEventFd(FrontEndRequest.SetVringCall, index, call);

    internal VhostUserResult Stop(int index, out uint vringBase)
    {
        uint stoppedAt = 0;
        VhostUserResult result = Enable(index, false).Then(() => GetBase(index, out stoppedAt));
        vringBase = stoppedAt;
        return result;
    }

    /// <summary>Stops the ring: the back-end completes what is in flight, answers, and gives up the kick and call eventfds.</summary>
    private VhostUserResult GetBase(int index, out uint vringBase)
    {
        MessageSubject subject = new(FrontEndRequest.GetVringBase, $"queue {index}");
        VringState state = new() { Index = (uint)index };
        Span<byte> bytes = stackalloc byte[VringState.Size];
        MemoryMarshal.Write(bytes, in state);
        Span<byte> answer = stackalloc byte[VringState.Size];
        VhostUserResult result = channel.Query(subject, bytes, answer, limits.StopMs);
        VringState stopped = MemoryMarshal.Read<VringState>(answer);
        bool matches = result.IsOk && stopped.Index == (uint)index;
        vringBase = matches ? stopped.Number : 0;
        return matches || !result.IsOk ? result : channel.Reject(subject, $"the answer is about queue {stopped.Index}");
    }

    private VhostUserResult SetState(FrontEndRequest request, int index, uint number)
    {
        VringState state = new() { Index = (uint)index, Number = number };
        Span<byte> payload = stackalloc byte[VringState.Size];
        MemoryMarshal.Write(payload, in state);
        return channel.Confirm(new MessageSubject(request, $"queue {index} = {number}"), payload, [], limits.AnswerMs);
    }

    private VhostUserResult SetAddress(RingSetup ring)
    {
        VringAddress address = new()
        {
            Index = (uint)ring.Index,
            Descriptor = ring.DescriptorTable,
            Used = ring.UsedRing,
            Available = ring.AvailableRing,
        };
        Span<byte> payload = stackalloc byte[VringAddress.Size];
        MemoryMarshal.Write(payload, in address);
        string value = $"queue {ring.Index} = 0x{ring.DescriptorTable:x}, 0x{ring.AvailableRing:x}, 0x{ring.UsedRing:x}";
        return channel.Confirm(new MessageSubject(FrontEndRequest.SetVringAddr, value), payload, [], limits.AnswerMs);
    }

    private VhostUserResult SetEventFd(FrontEndRequest request, int index, EventFd? eventFd)
    {
        VringDescriptorWord word = new() { Word = (uint)index | (eventFd is null ? VringDescriptorWord.NoDescriptor : 0) };
        Span<byte> payload = stackalloc byte[VringDescriptorWord.Size];
        MemoryMarshal.Write(payload, in word);
        MessageSubject subject = new(request, $"queue {index}");
        return eventFd is null
            ? channel.Confirm(subject, payload, [], limits.AnswerMs)
            : channel.Confirm(subject, payload, [eventFd.Descriptor], limits.AnswerMs);
    }
}
