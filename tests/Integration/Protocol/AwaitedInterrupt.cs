using XenDmHost.Host.Hypervisor;
using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>An interrupt that a test waits for.</summary>
internal sealed class AwaitedInterrupt : IInterruptLine
{
    private readonly SemaphoreSlim _raised = new(0);

    public void Raise() => _raised.Release();

    internal void Await() => Assert.True(_raised.Wait(BackEndProcess.Limit), "no interrupt in time");

    public void Dispose() => _raised.Dispose();
}
