namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>A virtio-gpu back-end that the rules of GpuRules are held against.</summary>
public interface IGpuBackEnd
{
    bool Xen { get; }

    /// <summary>Whether VIRTIO_GPU_F_EDID is offered.</summary>
    bool Edid { get; }

    BackEndProcess Start();
}
