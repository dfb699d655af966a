namespace XenDmHost.Host.Hypervisor;

/// <summary>Raises one interrupt in a guest: an edge each time. Any thread may do so; it never waits.</summary>
internal interface IInterruptLine : IDisposable
{
    void Raise();
}
