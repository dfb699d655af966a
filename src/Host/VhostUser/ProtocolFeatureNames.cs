using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>What a back-end offers of the protocol, in the specification's words.</summary>
internal static class ProtocolFeatureNames
{
    /// <summary>All that it offers.</summary>
    internal static IReadOnlyList<string> Offered(BackEndOffer offer) => [.. offer.OfferedProtocolFeatures.Members().Select(SpecName.Of)];

    /// <summary>What of it is used here.</summary>
    internal static IReadOnlyList<string> Used(BackEndOffer offer) => [.. UsedOf(offer).Members().Select(SpecName.Of)];

    /// <summary>What is left alone, and why.</summary>
    internal static IReadOnlyDictionary<string, string> NotUsed(BackEndOffer offer) =>
        new ProtocolFeatureSet(offer.OfferedProtocolFeatures.Bits & ~UsedOf(offer).Bits).Members().ToDictionary(
            SpecName.Of, feature => NeverAcknowledged.Reasons.GetValueOrDefault(feature, "unknown"));

    private static ProtocolFeatureSet UsedOf(BackEndOffer offer) => NeverAcknowledged.Acknowledge(offer.OfferedProtocolFeatures);
}
