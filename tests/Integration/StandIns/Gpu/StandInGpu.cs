namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>The stand-in in one of its two forms.</summary>
public abstract class StandInGpu(bool xen) : IGpuBackEnd
{
    public bool Xen => xen;

    public bool Edid => true;

    public bool RepeatsNeedReply => false;

    public BackEndProcess Start() => Start([]);

    internal BackEndProcess Start(params string[] options) =>
        BackEndProcess.StartStandIn(["gpu", .. xen ? (string[])["--xen"] : [], .. options]);
}

public sealed class StandInPlainGpu() : StandInGpu(xen: false);

public sealed class StandInXenGpu() : StandInGpu(xen: true);
