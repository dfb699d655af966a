namespace XenDmHost.Abstractions;

/// <summary>What happens to one feature bit.</summary>
public enum FeatureAction
{
    /// <summary>The back-end must offer it, else the device is refused.</summary>
    Require,

    /// <summary>Never shown to the guest, whatever the back-end offers.</summary>
    Mask,

    /// <summary>Shown to the guest though the back-end does not offer it, and kept out of SET_FEATURES.</summary>
    Force,
}
