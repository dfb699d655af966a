using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>Asks a back-end what it offers: connects, negotiates, reads its configuration space, and lets go again.</summary>
internal static class BackEndProbe
{
    /// <summary>The report, or null and one line that says what went wrong.</summary>
    /// <param name="socket">The path of the back-end's socket.</param>
    /// <param name="answerMs">How long it may take for an answer, in milliseconds.</param>
    internal static (BackEndReport? Report, string Problem) Ask(string socket, int answerMs)
    {
        using BackEndConnector connector = BackEndConnector.ConnectTo(socket);
        ConnectAttempt attempt = connector.TryOnce();
        if (!attempt.IsConnected)
        {
            return (null, attempt.Problem);
        }

        using VhostUserFrontEnd frontEnd = new(attempt.Socket!, limits: VhostUserLimits.Default with { AnswerMs = answerMs });
        (BackEndReport? report, VhostUserResult result) = Ask(frontEnd);
        return (report, report is null ? $"{socket}: {result}" : "");
    }

    /// <summary>The same over a connection that is there.</summary>
    internal static (BackEndReport? Report, VhostUserResult Result) Ask(VhostUserFrontEnd frontEnd)
    {
        VhostUserResult result = frontEnd.Negotiate(new() { QueueCount = 0, OfferXenMmap = true }, out BackEndOffer offer);
        return (result.IsOk ? Describe(offer, ReadConfig(frontEnd)) : null, result);
    }

    private static BackEndReport Describe(BackEndOffer offer, byte[]? config)
    {
        return new BackEndReport
        {
            Features = offer.Features,
            FeatureNames = FeatureNames.Of(offer.Features),
            ProtocolFeatures = offer.OfferedProtocolFeatures.Bits,
            ProtocolFeatureNames = ProtocolFeatureNames.Offered(offer),
            Used = ProtocolFeatureNames.Used(offer),
            NotUsed = ProtocolFeatureNames.NotUsed(offer),
            Queues = offer.MaxQueues,
            MemorySlots = offer.MaxMemorySlots,
            Config = config,
            ServesXen = offer.OfferedProtocolFeatures.Has(ProtocolFeature.XenMmap),
        };
    }

    /// <summary>
    /// The most bytes that are answered. No message tells the size: back-ends refuse to answer more than they have, or
    /// answer zeros beyond it, so the size is looked for, largest first.
    /// </summary>
    private static byte[]? ReadConfig(VhostUserFrontEnd frontEnd)
    {
        byte[]? config = null;
        int answered = 0;
        int refused = ConfigHeader.MaxConfigSize + 1;
        for (int size = ConfigHeader.MaxConfigSize; answered + 1 < refused; size = (answered + refused) / 2)
        {
            byte[] bytes = new byte[size];
            VhostUserResult result = frontEnd.GetConfig(bytes);
            if (result.IsOk)
            {
                (answered, config) = (size, bytes);
            }
            else if (result.Failure == VhostUserFailure.Refused)
            {
                refused = size;
            }
            else
            {
                return config;      // it left: what came before stands
            }
        }

        return config;
    }
}
