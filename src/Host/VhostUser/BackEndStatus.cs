using System.Runtime.InteropServices;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// SET_STATUS and GET_STATUS: the device's status of virtio, told to a back-end that negotiated STATUS. Nothing is sent to
/// others.
/// </summary>
internal sealed class BackEndStatus(VhostUserChannel channel, BackEndOffer offer, VhostUserLimits limits)
{
    private const ulong Acknowledge = 1, Driver = 2, DriverOk = 4, FeaturesOk = 8;

    /// <summary>After SET_FEATURES: a back-end that does not keep FEATURES_OK refuses the features.</summary>
    internal VhostUserResult TellFeatures() => Add(Acknowledge | Driver | FeaturesOk).Then(CheckFeatures);

    /// <summary>After the rings are enabled.</summary>
    internal VhostUserResult TellStart() => Add(DriverOk);

    /// <summary>After the rings are stopped.</summary>
    internal VhostUserResult TellStop() => IsSpoken ? Set(0) : VhostUserResult.Ok;

    private bool IsSpoken => offer.ProtocolFeatures.Has(ProtocolFeature.Status);

    private VhostUserResult Add(ulong bits)
    {
        if (!IsSpoken)
        {
            return VhostUserResult.Ok;
        }

        VhostUserResult result = Get(out ulong status);
        return result.IsOk && (status & bits) != bits ? Set(status | bits) : result;
    }

    private VhostUserResult CheckFeatures()
    {
        if (!IsSpoken)
        {
            return VhostUserResult.Ok;
        }

        VhostUserResult result = Get(out ulong status);
        return result.IsOk && (status & FeaturesOk) == 0
            ? channel.Reject(new MessageSubject(FrontEndRequest.GetStatus, $"= 0x{status:x}"), "the back-end does not accept the features (FEATURES_OK does not stay)")
            : result;
    }

    private VhostUserResult Get(out ulong status)
    {
        Span<byte> answer = stackalloc byte[sizeof(ulong)];
        VhostUserResult result = channel.Query(new MessageSubject(FrontEndRequest.GetStatus), [], answer, limits.AnswerMs);
        status = result.IsOk ? MemoryMarshal.Read<ulong>(answer) : 0;

        // A status is a byte; what a back-end says beyond that is not sent back to it.
        status &= 0xff;
        return result;
    }

    private VhostUserResult Set(ulong status)
    {
        byte[] payload = new byte[sizeof(ulong)];
        MemoryMarshal.Write(payload, in status);
        return channel.Confirm(new MessageSubject(FrontEndRequest.SetStatus, $"= 0x{status:x}"), payload, [], limits.AnswerMs);
    }
}
