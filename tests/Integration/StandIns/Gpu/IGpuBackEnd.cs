namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>A virtio-gpu back-end that the rules of GpuRules are held against.</summary>
public interface IGpuBackEnd
{
    bool Xen { get; }

    /// <summary>Whether VIRTIO_GPU_F_EDID is offered.</summary>
    bool Edid { get; }

    /// <summary>Whether an answer repeats the request's NEED_REPLY flag, as libvhost-user's do.</summary>
    bool RepeatsNeedReply { get; }

    BackEndProcess Start();
}
