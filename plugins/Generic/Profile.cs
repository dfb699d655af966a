using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>A device as a profile describes it, checked.</summary>
/// <param name="Name">The device's short name.</param>
/// <param name="VirtioId">The virtio device id.</param>
/// <param name="Queues">The queues; only the last one may repeat.</param>
/// <param name="ConfigSize">The size of the configuration space in bytes; 0 for none.</param>
/// <param name="Fields">Its fields; they lie inside and do not overlap.</param>
/// <param name="Features">The rules for feature bits.</param>
/// <param name="FieldFeatures">Feature bits that follow fields of the configuration space.</param>
/// <param name="Quirks">The quirks.</param>
internal sealed record Profile(
    string Name,
    uint VirtioId,
    IReadOnlyList<ProfileQueue> Queues,
    int ConfigSize,
    IReadOnlyList<ProfileField> Fields,
    FeatureRules Features,
    IReadOnlyList<ProfileFieldFeature> FieldFeatures,
    IReadOnlyList<Quirk> Quirks);
