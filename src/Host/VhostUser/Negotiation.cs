using System.Runtime.InteropServices;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>The sequence after a connection is made, up to the point where the back-end is owned and known.</summary>
internal sealed class Negotiation(VhostUserChannel channel, NegotiationRequest request, VhostUserLimits limits)
{
    internal BackEndOffer Offer { get; private set; } = BackEndOffer.Nothing;

    internal VhostUserResult Run()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.ConfigSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.ConfigSize, ConfigHeader.MaxConfigSize);
        return GetFeatures()
            .Then(AgreeOnProtocolFeatures)
            .Then(GetQueueNum)
            .Then(GetMaxMemSlots)
            .Then(SetBackEndRequestChannel)
            .Then(SetOwner)
            .Then(GetConfig);
    }

    private VhostUserResult GetFeatures()
    {
        VhostUserResult result = Ask(FrontEndRequest.GetFeatures, out ulong features);
        Offer = new BackEndOffer { Features = features };
        return result;
    }

    private VhostUserResult AgreeOnProtocolFeatures()
    {
        if (!Offer.HasProtocolFeatures)
        {
            return CheckProtocolFeatures();
        }

        VhostUserResult result = Ask(FrontEndRequest.GetProtocolFeatures, out ulong offered);
        if (!result.IsOk)
        {
            return result;
        }

        Offer = Offer with { OfferedProtocolFeatures = new ProtocolFeatureSet(offered) };
        return CheckProtocolFeatures().Then(SetProtocolFeatures);
    }

    /// <summary>Whether this back-end can serve the device at all, in words that say what would.</summary>
    private VhostUserResult CheckProtocolFeatures()
    {
        MessageSubject subject = new(FrontEndRequest.GetProtocolFeatures, "= " + Offer.OfferedProtocolFeatures);
        bool offersXenMmap = Offer.OfferedProtocolFeatures.Has(ProtocolFeature.XenMmap);
        if (request.RequireXenMmap && !offersXenMmap)
        {
            return VhostUserResult.Refused(
                subject,
                "this back-end cannot map the memory of a Xen guest (it does not offer XEN_MMAP)",
                "use a daemon made with the vhost crates and their \"xen\" feature; others serve simulated guests only");
        }

        if (offersXenMmap && !request.OfferXenMmap)
        {
            return VhostUserResult.Refused(
                subject, "this back-end maps memory in Xen's way only (it insists on XEN_MMAP)", "use a daemon built without \"xen\"");
        }

        return request.NeedsConfig && !Offer.OfferedProtocolFeatures.Has(ProtocolFeature.Config)
            ? VhostUserResult.Refused(
                subject,
                "this back-end does not serve the config space (it does not offer CONFIG), and this device has it from the back-end alone",
                "check that the daemon serves this type of device, or give the values in the guest file where the plugin takes them")
            : VhostUserResult.Ok;
    }

    private VhostUserResult SetProtocolFeatures()
    {
        ProtocolFeatureSet agreed = NeverAcknowledged.Acknowledge(Offer.OfferedProtocolFeatures);
        if (request.BackEndRequests is null)
        {
            agreed = agreed.Without(ProtocolFeature.BackendReq);
        }

        MessageSubject subject = new(FrontEndRequest.SetProtocolFeatures, $"= 0x{agreed.Bits:x} ({agreed})");
        VhostUserResult result = channel.Confirm(subject, Bytes(agreed.Bits), [], limits.AnswerMs);
        Offer = Offer with { ProtocolFeatures = agreed };

        // Only from here on: a back-end that was asked before it knows REPLY_ACK never answers.
        channel.ReplyAck = agreed.Has(ProtocolFeature.ReplyAck);
        return result;
    }

    private VhostUserResult GetQueueNum()
    {
        if (!Offer.ProtocolFeatures.Has(ProtocolFeature.Mq))
        {
            return VhostUserResult.Ok;
        }

        VhostUserResult result = Ask(FrontEndRequest.GetQueueNum, out ulong queues);
        Offer = Offer with { MaxQueues = Clamp(queues) };
        return result.IsOk && queues < (ulong)request.QueueCount
            ? VhostUserResult.Refused(
                new MessageSubject(FrontEndRequest.GetQueueNum, $"= {queues}"),
                $"the back-end serves {queues} queues and the device has {request.QueueCount}",
                "start the daemon with more queues, or give the device fewer, where its plugin has an option for that")
            : result;
    }

    private VhostUserResult GetMaxMemSlots()
    {
        if (!Offer.ProtocolFeatures.Has(ProtocolFeature.ConfigureMemSlots))
        {
            return VhostUserResult.Ok;
        }

        VhostUserResult result = Ask(FrontEndRequest.GetMaxMemSlots, out ulong slots);
        Offer = Offer with { MaxMemorySlots = Clamp(slots) };
        return result;
    }

    /// <summary>
    /// The channel is served from before it is sent: a back-end may use it at once, and wait for the answer there before
    /// it answers here.
    /// </summary>
    private VhostUserResult SetBackEndRequestChannel()
    {
        if (!Offer.ProtocolFeatures.Has(ProtocolFeature.BackendReq))
        {
            return VhostUserResult.Ok;
        }

        BackEndRequestChannel requests = request.BackEndRequests!;
        requests.Serve(Offer.ProtocolFeatures);
        VhostUserResult result = channel.Confirm(
            new MessageSubject(FrontEndRequest.SetBackendReqFd), [], [requests.BackEndSide], limits.AnswerMs);
        requests.HandedOver();
        return result;
    }

    private VhostUserResult SetOwner() =>
        channel.Confirm(new MessageSubject(FrontEndRequest.SetOwner), [], [], limits.AnswerMs);

    private VhostUserResult GetConfig()
    {
        if (request.ConfigSize == 0 || !Offer.ProtocolFeatures.Has(ProtocolFeature.Config))
        {
            return VhostUserResult.Ok;
        }

        byte[] config = new byte[request.ConfigSize];
        VhostUserResult result = new ConfigAccess(channel, limits).Read(config);
        if (result.IsOk)
        {
            Offer = Offer with { Config = config };
        }

        // A device that can do without is not failed by a back-end that says no in an orderly way.
        return result.Failure == VhostUserFailure.Refused && !request.NeedsConfig ? VhostUserResult.Ok : result;
    }

    private VhostUserResult Ask(FrontEndRequest what, out ulong answer)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        VhostUserResult result = channel.Query(new MessageSubject(what), [], bytes, limits.AnswerMs);
        answer = result.IsOk ? MemoryMarshal.Read<ulong>(bytes) : 0;
        return result;
    }

    private static int Clamp(ulong value) => (int)Math.Min(value, int.MaxValue);

    private static byte[] Bytes(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        MemoryMarshal.Write(bytes, in value);
        return bytes;
    }
}
