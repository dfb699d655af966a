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

    internal Ring(int index, CallRelay relay, ICallTarget target)
    {
        Index = index;
        _relay = relay;
        _callRoute = relay.AddCall(Call, target, index);
        _errorRoute = relay.AddError(Error, target, index);
    }

    internal int Index { get; }

    internal EventFd Kick { get; } = EventFd.Create();

    internal EventFd Call { get; } = EventFd.Create();

    internal EventFd Error { get; } = EventFd.Create();

    public void Dispose()
    {
        _relay.Remove(_callRoute);
        _relay.Remove(_errorRoute);
        Kick.Dispose();
        Call.Dispose();
        Error.Dispose();
    }
}
