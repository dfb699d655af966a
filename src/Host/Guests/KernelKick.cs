namespace XenDmHost.Host.Guests;

/// <summary>A queue whose kicks the kernel carries. Its end has an order: only when the kernel is through are the kicks ours again.</summary>
/// <param name="route">The kernel's part; null when it did not come to that.</param>
/// <param name="device">The device.</param>
/// <param name="queue">The queue.</param>
/// <param name="lookAgain">Has the thread that answers look at what it had left to the kernel.</param>
internal sealed class KernelKick(IDisposable? route, GuestDevice device, int queue, Action lookAgain) : IDisposable
{
    public void Dispose()
    {
        route?.Dispose();
        device.SetKernelKick(queue, false);
        lookAgain();
    }
}
