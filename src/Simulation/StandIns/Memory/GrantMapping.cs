using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>Pages of a guest that are mapped by their grants.</summary>
/// <param name="pages">The pages.</param>
/// <param name="letGo">Tells the device, after they are unmapped.</param>
internal sealed class GrantMapping(Mapping pages, Action letGo) : IDisposable
{
    internal Mapping Pages => pages;

    public void Dispose()
    {
        pages.Dispose();
        letGo();
    }
}
