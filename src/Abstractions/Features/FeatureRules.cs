namespace XenDmHost.Abstractions;

/// <summary>
/// What happens to the device-type feature bits between back-end and guest. Bits without a rule pass as the back-end
/// offers them. The bits of the transport and the ring (24 to 49) are the host's own business.
/// </summary>
public sealed class FeatureRules
{
    private FeatureRules(IReadOnlyList<FeatureRule> rules) => Rules = rules;

    /// <summary>No rules: the back-end decides.</summary>
    public static FeatureRules BackEndDecides { get; } = new([]);

    /// <summary>The rules in the order in which they were added.</summary>
    public IReadOnlyList<FeatureRule> Rules { get; }

    /// <summary>The same rules and one more: the back-end must offer the bit.</summary>
    public FeatureRules Require(int bit, string name, string reason) => With(bit, name, FeatureAction.Require, reason);

    /// <summary>The same rules and one more: the guest never sees the bit.</summary>
    public FeatureRules Mask(int bit, string name, string reason) => With(bit, name, FeatureAction.Mask, reason);

    /// <summary>The same rules and one more: the guest sees the bit though the back-end does not offer it.</summary>
    public FeatureRules Force(int bit, string name, string reason) => With(bit, name, FeatureAction.Force, reason);

    /// <summary>The bits of all rules with this action, as a mask.</summary>
    public ulong MaskOf(FeatureAction action)
    {
        ulong mask = 0;
        foreach (FeatureRule rule in Rules)
        {
            if (rule.Action == action)
            {
                mask |= 1UL << rule.Bit;
            }
        }

        return mask;
    }

    private FeatureRules With(int bit, string name, FeatureAction action, string reason)
    {
        if (bit is < 0 or > 63 or (> 23 and < 50))
        {
            throw new ArgumentOutOfRangeException(nameof(bit), bit, "device-type feature bits are 0 to 23 and 50 to 63");
        }

        return new FeatureRules([.. Rules, new FeatureRule(bit, name, action, reason)]);
    }
}
