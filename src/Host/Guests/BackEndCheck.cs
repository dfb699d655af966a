using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <summary>What a device's back-end offers, asked without a guest and without changing anything.</summary>
/// <param name="Good">False when the back-end answered and cannot serve the device.</param>
/// <param name="Text">One line for people.</param>
internal sealed record BackEndCheck(bool Good, string Text)
{
    /// <summary>
    /// No message asks for the largest queue, but back-ends on the vhost crates refuse one that is too large when they are
    /// told its size, before any ring runs. Those on libvhost-user take every size.
    /// </summary>
    private static string? RefusedSize(VhostUserFrontEnd frontEnd, IReadOnlyList<ushort> sizes)
    {
        VhostUserResult result = VhostUserResult.Ok;
        for (int queue = 0; queue < sizes.Count && result.IsOk; queue++)
        {
            result = frontEnd.SetRingSize(queue, sizes[queue]);
        }

        return result.IsOk ? null : result.ToString();
    }

    internal static BackEndCheck NotAsked(DevicePlan plan) =>
        new(true, plan.BackEnd.Launch.Count > 0 ? $"will be started: {string.Join(' ', plan.BackEnd.Launch)}" : "not asked");

    /// <summary>
    /// Connects, negotiates, tries the sizes of the queues, and lets go again; a daemon that ends when its client leaves ends then. A back-end that is
    /// not there yet, or busy, is no fault.
    /// </summary>
    internal static BackEndCheck Ask(DevicePlan plan, DeviceLimits limits)
    {
        if (plan.BackEnd.Listen)
        {
            return new BackEndCheck(true, "connects to the host; not asked");
        }

        using BackEndConnector connector = BackEndConnector.ConnectTo(plan.BackEnd.Socket);
        ConnectAttempt attempt = connector.TryOnce();
        if (!attempt.IsConnected)
        {
            return plan.BackEnd.Launch.Count > 0 ? NotAsked(plan) : new BackEndCheck(true, $"not running now ({attempt.Problem})");
        }

        using VhostUserFrontEnd frontEnd = new(attempt.Socket!, limits: VhostUserLimits.Default with { AnswerMs = limits.ReplyMs });
        int configSize = plan.Model.ConfigSpace.NeedsBackEnd ? plan.Model.ConfigSpace.Size : 0;
        NegotiationRequest request = new() { OfferXenMmap = true, ConfigSize = configSize, NeedsConfig = configSize > 0, QueueCount = plan.QueueSizes.Count };
        VhostUserResult result = frontEnd.Negotiate(request, out BackEndOffer offer);
        if (!result.IsOk && result.IsFirstMessage && result.Failure is VhostUserFailure.TimedOut or VhostUserFailure.Closed)
        {
            return new BackEndCheck(true, $"runs and is busy, most likely with a guest; not asked ({result})");
        }

        string? refusal = result.IsOk ? new FeaturePolicy(plan.Model.Features, accessPlatform: false).Refusal(offer.Features) : result.ToString();
        refusal ??= RefusedSize(frontEnd, plan.QueueSizes);
        return refusal is null
            ? new BackEndCheck(true, $"features 0x{offer.Features:x}, protocol {offer.ProtocolFeatures}, {offer.MaxQueues?.ToString() ?? "?"} queue(s)")
            : new BackEndCheck(false, refusal);
    }
}
