namespace XenDmHost.Abstractions;

/// <summary>What happens to one feature bit.</summary>
public enum FeatureAction
{
    /// <summary>The back-end must offer it, else the device is refused.</summary>
    Require,

    /// <summary>Never shown to the guest, whatever the back-end offers.</summary>
    Mask,

    /// <summary>Shown to the guest even when the back-end does not offer it; SET_FEATURES then leaves it out.</summary>
    Force,
}
