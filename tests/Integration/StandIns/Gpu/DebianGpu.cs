namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>Debian 12's vhost-user-gpu, which knows neither EDID nor Xen's regions.</summary>
public sealed class DebianGpu : IGpuBackEnd
{
    internal const string Program = "/usr/lib/qemu/vhost-user-gpu";

    public bool Xen => false;

    public bool Edid => false;

    public bool RepeatsNeedReply => true;

    public BackEndProcess Start()
    {
        Assert.True(File.Exists(Program), $"{Program} is not installed: apt-get install --no-install-recommends qemu-system-gui");
        return BackEndProcess.StartSilent(Program, ["-s", "{socket}"]);
    }
}
