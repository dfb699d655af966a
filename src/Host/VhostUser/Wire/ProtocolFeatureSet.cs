namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>A set of protocol features, as the word that travels.</summary>
internal readonly record struct ProtocolFeatureSet(ulong Bits)
{
    internal bool Has(ProtocolFeature feature) => (Bits >> (int)feature & 1) != 0;

    internal static ProtocolFeatureSet Of(params ReadOnlySpan<ProtocolFeature> features)
    {
        ulong bits = 0;
        foreach (ProtocolFeature feature in features)
        {
            bits |= 1UL << (int)feature;
        }

        return new ProtocolFeatureSet(bits);
    }

    internal ProtocolFeatureSet Without(ProtocolFeature feature) => new(Bits & ~(1UL << (int)feature));

    internal IEnumerable<ProtocolFeature> Members()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            if (Has((ProtocolFeature)bit))
            {
                yield return (ProtocolFeature)bit;
            }
        }
    }

    /// <summary>"MQ REPLY_ACK CONFIG", or "none".</summary>
    public override string ToString() => Bits == 0 ? "none" : string.Join(' ', Members().Select(SpecName.Of));
}
