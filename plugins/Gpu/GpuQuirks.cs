using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Gpu;

/// <summary>The device's quirks and the feature rules that follow from them.</summary>
internal static class GpuQuirks
{
    internal const string HideVirgl = "hide-virgl";
    internal const string HideBlob = "hide-blob";
    internal const string FreshAfterReset = "fresh-after-reset";
    internal const string ResetAfterRestart = "reset-after-restart";

    private const string VirglReason = "rendered frames come as dmabufs, which the display side takes and does not read";
    private const string BlobReason = "blobs need a shared memory window, which this host does not offer; some back-ends end at blob commands without it";
    private const string FreshReason = "back-ends keep the resources of a driver beyond its reset, and refuse their ids to the next one";
    private const string RestartReason = "a back-end that was started again has lost the driver's resources; the driver is told to begin anew, which Linux's does not do by itself";

    internal static IReadOnlyList<Quirk> All { get; } =
    [
        new(HideVirgl, VirglReason, Enabled: true),
        new(HideBlob, BlobReason, Enabled: true),
        new(FreshAfterReset, FreshReason, Enabled: true),
        new(ResetAfterRestart, RestartReason, Enabled: false),
    ];

    internal static bool IsOn(string id, IReadOnlyDictionary<string, bool> switched) =>
        switched.TryGetValue(id, out bool on) ? on : All.First(quirk => quirk.Id == id).Enabled;

    internal static FeatureRules Rules(IReadOnlyDictionary<string, bool> switched)
    {
        FeatureRules rules = FeatureRules.BackEndDecides;
        if (IsOn(HideVirgl, switched))
        {
            rules = rules
                .Mask(0, "VIRTIO_GPU_F_VIRGL", VirglReason)
                .Mask(4, "VIRTIO_GPU_F_CONTEXT_INIT", "contexts belong to VIRTIO_GPU_F_VIRGL");
        }

        if (IsOn(HideBlob, switched))
        {
            rules = rules.Mask(3, "VIRTIO_GPU_F_RESOURCE_BLOB", BlobReason);
        }

        return rules.Mask(
            5, "VIRTIO_GPU_F_BLOB_ALIGNMENT", "it belongs to VIRTIO_GPU_F_RESOURCE_BLOB, and its field lies behind the 16 bytes that every back-end has");
    }
}
