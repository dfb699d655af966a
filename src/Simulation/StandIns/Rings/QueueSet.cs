using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>All rings of a device, and the way of a request from a ring to the device and back.</summary>
internal sealed class QueueSet : IQueues, IDisposable
{
    private readonly IStandInDevice _device;
    private readonly SplitRing[] _split;

    internal QueueSet(IStandInDevice device, GuestMemory memory, ushort maximumSize, Action<string> log)
    {
        _device = device;
        Rings = [.. Enumerable.Range(0, device.QueueCount).Select(i => new Vring(i, maximumSize))];
        _split = [.. Rings.Select(ring => new SplitRing(memory, ring, log))];
    }

    internal IReadOnlyList<Vring> Rings { get; }

    internal Vring? Find(uint index) => index < Rings.Count ? Rings[(int)index] : null;

    /// <summary>Serves what the driver has made available, until nothing is left.</summary>
    internal void Serve(int index)
    {
        SplitRing ring = _split[index];
        if (Rings[index].Runs) ring.TakeUp().ForEach(chain => Serve(index, ring, chain));
        do
        {
            while (Runs(index) && ring.TryPop() is { } chain) Serve(index, ring, chain);
            _device.Idle(index, this);
        }
        while (Runs(index) && ring.AskForKick());
    }

    /// <summary>Gives back what the device kept, then stops the ring.</summary>
    internal void Stop(Vring ring)
    {
        if (ring.Started) _device.Stop(ring.Index, this);
        ring.Stop();
    }

    public void Complete(int queue, Chain chain, uint written)
    {
        Rings[queue].Held--;
        _split[queue].Push(chain, written);
    }

    public void Dispose()
    {
        foreach (Vring ring in Rings) ring.Dispose();
    }

    private bool Runs(int index) => Rings[index].Runs && _device.SideChannel?.Holds(index) != true;

    private void Serve(int index, SplitRing ring, Chain chain)
    {
        // The device may give it back before it returns.
        Rings[index].Held++;
        Served served = _device.Serve(index, chain, this);
        if (!served.IsKept) Rings[index].Held--;
        if (served.Fault is { } fault) ring.Break(fault);
        else if (!served.IsKept) ring.Push(chain, served.Written);
    }
}
