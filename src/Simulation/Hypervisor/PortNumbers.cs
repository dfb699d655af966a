namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// The host domain's port numbers. The lowest free one is given out, as Xen does, so that a successor is handed its
/// predecessor's numbers and must not rely on them being new. Used by the hypervisor's thread alone.
/// </summary>
internal sealed class PortNumbers
{
    private const uint First = 4;
    private readonly HashSet<uint> _used = [];

    internal uint Take()
    {
        var number = First;
        while (!_used.Add(number))
        {
            number++;
        }

        return number;
    }

    internal void Return(uint number) => _used.Remove(number);
}
