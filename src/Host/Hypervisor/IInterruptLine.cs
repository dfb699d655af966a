using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor;

/// <summary>Raises one interrupt in a guest: an edge each time. Any thread may do so; it never waits.</summary>
internal interface IInterruptLine : IDisposable
{
    void Raise();

    /// <summary>
    /// Has the kernel raise the interrupt at each signal of an eventfd. Whoever reads InterruptStatus then cannot know
    /// whether there was one.
    /// </summary>
    /// <returns>Ends it when disposed, which must be before the eventfd's end; null where the kernel or the line cannot do it.</returns>
    IDisposable? TryRoute(EventFd signal) => null;
}
