using System.Diagnostics;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>
/// Carries out all requests that a ring has, and only then gives them back, the last one first: as a back-end with many
/// workers may.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="dieHalfWay">Whether the process is killed when it has given back half of at least four requests.</param>
internal sealed class ReorderingDevice(IStandInDevice device, bool dieHalfWay) : IStandInDevice
{
    private const int Enough = 4;

    private readonly Dictionary<int, Stack<(Chain Chain, uint Written)>> _held = [];

    public ulong Features => device.Features;

    public int QueueCount => device.QueueCount;

    public ISideChannel? SideChannel => device.SideChannel;

    public ReadOnlySpan<byte> Config => device.Config;

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => device.WriteConfig(offset, data);

    public bool Reload() => device.Reload();

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        Served served = device.Serve(queue, chain, queues);
        if (served.IsKept || served.Fault is not null) return served;
        Held(queue).Push((chain, served.Written));
        return Served.Kept;
    }

    public void Idle(int queue, IQueues queues) => GiveBack(queue, queues, dieHalfWay);

    public void Stop(int queue, IQueues queues)
    {
        GiveBack(queue, queues, mayDie: false);
        device.Stop(queue, queues);
    }

    private void GiveBack(int queue, IQueues queues, bool mayDie)
    {
        Stack<(Chain Chain, uint Written)> held = Held(queue);
        int dieAt = mayDie && held.Count >= Enough ? held.Count / 2 : -1;
        while (held.Count > 0)
        {
            if (held.Count == dieAt) Process.GetCurrentProcess().Kill();
            (Chain chain, uint written) = held.Pop();
            queues.Complete(queue, chain, written);
        }
    }

    private Stack<(Chain Chain, uint Written)> Held(int queue) =>
        _held.TryGetValue(queue, out var held) ? held : _held[queue] = new();
}
