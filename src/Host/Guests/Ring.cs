using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A started ring's eventfds and their routes. Each start gets new ones, so that a signal of an earlier back-end means
/// nothing.
/// </summary>
internal sealed class Ring : IDisposable
{
    private readonly CallRelay _relay;
    private readonly int _callRoute;
    private readonly int _errorRoute;
    private readonly IDisposable? _kernelCalls;
    private IDisposable? _kernelKicks;

    /// <param name="index">The queue.</param>
    /// <param name="relay">Carries the back-end's calls.</param>
    /// <param name="device">The device.</param>
    /// <param name="kernelInterrupts">Whether the kernel shall carry the calls, if it can.</param>
    internal Ring(int index, CallRelay relay, GuestDevice device, bool kernelInterrupts)
    {
        Index = index;
        _relay = relay;
        _kernelCalls = kernelInterrupts ? device.Interrupt.TryRoute(Call) : null;
        _callRoute = HasKernelCalls ? -1 : relay.AddCall(Call, device, index);
        _errorRoute = relay.AddError(Error, device, index);
    }

    internal int Index { get; }

    internal EventFd Kick { get; } = EventFd.Create();

    internal EventFd Call { get; } = EventFd.Create();

    internal EventFd Error { get; } = EventFd.Create();

    /// <summary>Whether the guest is interrupted without this process.</summary>
    internal bool HasKernelCalls => _kernelCalls is not null;

    /// <summary>Whether the guest reaches the back-end without this process.</summary>
    internal bool HasKernelKicks => _kernelKicks is not null;

    /// <summary>Takes the kernel's route of the kicks, which ends with the ring.</summary>
    internal void KickBy(IDisposable? route) => _kernelKicks = route;

    /// <summary>The guest's kicks reach the back-end no more.</summary>
    internal void StopKicks()
    {
        _kernelKicks?.Dispose();
        _kernelKicks = null;
    }

    /// <summary>The kernel's routes go before the eventfds that they are known by.</summary>
    public void Dispose()
    {
        StopKicks();
        _kernelCalls?.Dispose();
        if (_callRoute >= 0)
        {
            _relay.Remove(_callRoute);
        }

        _relay.Remove(_errorRoute);
        Kick.Dispose();
        Call.Dispose();
        Error.Dispose();
    }
}
