using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>A device whose process is killed when it has carried a request out and not given it back yet.</summary>
internal sealed class MortalDevice(IStandInDevice device, RequestBudget chains) : IStandInDevice, IOutsideWorld
{
    public ulong Features => device.Features;

    public int QueueCount => device.QueueCount;

    public ISideChannel? SideChannel => device.SideChannel;

    public ReadOnlySpan<byte> Config => device.Config;

    public IReadOnlyList<PollEntry> Sources => (device as IOutsideWorld)?.Sources ?? [];

    public void Wake(FileDescriptor source, IQueues queues) => (device as IOutsideWorld)?.Wake(source, queues);

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => device.WriteConfig(offset, data);

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        Served served = device.Serve(queue, chain, queues);
        chains.Spend();
        return served;
    }

    public bool Reload() => device.Reload();

    public void Idle(int queue, IQueues queues) => device.Idle(queue, queues);

    public void Stop(int queue, IQueues queues) => device.Stop(queue, queues);
}
