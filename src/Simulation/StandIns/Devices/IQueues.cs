using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>Where a device gives back the requests that it kept.</summary>
internal interface IQueues
{
    void Complete(int queue, Chain chain, uint written);
}
