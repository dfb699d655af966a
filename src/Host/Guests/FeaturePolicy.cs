using XenDmHost.Abstractions;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>Which feature bits pass between a back-end and a guest.</summary>
/// <param name="rules">The plugin's rules for the device-type bits.</param>
/// <param name="accessPlatform">Whether ACCESS_PLATFORM is shown: on Xen, where a guest may use grants.</param>
internal sealed class FeaturePolicy(FeatureRules rules, bool accessPlatform)
{
    private readonly ulong _masked = rules.MaskOf(FeatureAction.Mask);
    private readonly ulong _forced = rules.MaskOf(FeatureAction.Force);

    /// <summary>What the guest is offered.</summary>
    internal ulong Offer(ulong backEnd) =>
        (backEnd & VirtioFeature.Passable & ~_masked) | _forced | VirtioFeature.Version1
        | (accessPlatform ? VirtioFeature.AccessPlatform : 0);

    /// <summary>What SET_FEATURES says: the bits that the driver took and the back-end itself offered.</summary>
    internal static ulong ForBackEnd(ulong driver, ulong backEnd) =>
        driver & backEnd & (VirtioFeature.Passable | VirtioFeature.Version1);

    /// <summary>Why the back-end cannot serve this device, in words; null when it can.</summary>
    internal string? Refusal(ulong backEnd)
    {
        if ((backEnd & VirtioFeature.Version1) == 0)
        {
            return "it does not offer VIRTIO_F_VERSION_1 (bit 32), which virtio-mmio version 2 needs";
        }

        FeatureRule? missing = rules.Rules.FirstOrDefault(
            rule => rule.Action == FeatureAction.Require && (backEnd & (1UL << rule.Bit)) == 0);
        return missing is null ? null : $"it does not offer {missing.Name} (bit {missing.Bit}): {missing.Reason}";
    }
}
