using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Guests;

/// <summary>An interrupt that the kernel can raise by itself, if it is told so.</summary>
internal sealed class KernelLine(bool routes) : IInterruptLine
{
    internal List<string> Events { get; } = [];

    public void Raise()
    {
    }

    public IDisposable? TryRoute(EventFd signal)
    {
        if (!routes)
        {
            return null;
        }

        Events.Add("routed");
        return new Route(this, signal);
    }

    public void Dispose()
    {
    }

    private sealed class Route(KernelLine line, EventFd signal) : IDisposable
    {
        public void Dispose() => line.Events.Add(signal.Descriptor.IsClosed ? "ended after its eventfd" : "ended");
    }
}
