namespace XenDmHost.Simulation.Hypervisor;

/// <summary>Operations on hypervisor.sock; docs/simulated-platform.md names the Xen call behind each.</summary>
internal enum HypercallOp : uint
{
    GetDomain = 1,
    GetBank = 2,
    CreateIoreqServer = 3,
    GetIoreqServerInfo = 4,
    MapIoreqPage = 5,
    SetIoreqServerState = 6,
    MapIoRange = 7,
    UnmapIoRange = 8,
    DestroyIoreqServer = 9,
    OpenEventChannels = 10,
    BindInterdomain = 11,
    BindWakeUp = 12,
    Unbind = 13,
    OpenIrq = 14,
    OpenGrants = 15,
    MapGrants = 16,
    UnmapGrants = 17,
}
