using XenDmHost.Host.Native;

namespace XenDmHost.Host.Notify;

/// <summary>
/// The way from a back-end's call eventfds to the guest's interrupts, for the devices of one guest: one thread in
/// epoll, edge-triggered. The eventfds are never read, because a back-end can make such a read wait for ever.
/// </summary>
internal sealed class CallRelay : IDisposable
{
    private const long WakeTag = -1;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly EpollSet _epoll = new();
    private readonly EventFd _wake = EventFd.Create();
    private readonly Thread _thread;
    private Route?[] _routes = new Route?[16];
    private int _generation;
    private volatile bool _stopping;

    internal CallRelay(string name)
    {
        _epoll.AddEdgeTriggered(_wake.Descriptor, WakeTag);
        _thread = new Thread(Run) { Name = $"relay {name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Relays a queue's call eventfd.</summary>
    /// <returns>The route, for <see cref="Remove"/>.</returns>
    internal int AddCall(EventFd call, ICallTarget target, int queue) => Add(call, target, queue, isError: false);

    /// <summary>Relays a queue's error eventfd.</summary>
    internal int AddError(EventFd error, ICallTarget target, int queue) => Add(error, target, queue, isError: true);

    /// <summary>Ends a route. A signal that is being told at this moment may still arrive, once and at its own target.</summary>
    internal void Remove(int route)
    {
        lock (_gate)
        {
            if (_routes[route] is { } known)
            {
                _epoll.Remove(known.EventFd.Descriptor);
                Volatile.Write(ref _routes[route], null);
            }
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.TrySignal();
        _thread.Join(StopLimit);
        _epoll.Dispose();
        _wake.Dispose();
    }

    private int Add(EventFd eventFd, ICallTarget target, int queue, bool isError)
    {
        lock (_gate)
        {
            int free = Array.IndexOf(_routes, null);
            if (free < 0)
            {
                free = _routes.Length;
                Route?[] larger = new Route?[free * 2];
                _routes.CopyTo(larger, 0);
                Volatile.Write(ref _routes, larger);
            }

            // A signal that epoll has handed out already names a place; the generation says whose place that was.
            _generation = (_generation + 1) & int.MaxValue;
            long tag = ((long)_generation << 32) | (uint)free;
            Volatile.Write(ref _routes[free], new Route(tag, eventFd, target, queue, isError));
            _epoll.AddEdgeTriggered(eventFd.Descriptor, tag);
            return free;
        }
    }

    private void Run()
    {
        Span<long> tags = stackalloc long[64];
        while (!_stopping)
        {
            int count = _epoll.Wait(tags, -1);
            foreach (long tag in tags[..count])
            {
                if (tag != WakeTag && Volatile.Read(ref Volatile.Read(ref _routes)[(int)tag]) is { } route && route.Tag == tag)
                {
                    Tell(route);
                }
            }
        }
    }

    private static void Tell(Route route)
    {
        if (route.IsError)
        {
            route.Target.OnRingError(route.Queue);
        }
        else
        {
            route.Target.OnCall(route.Queue);
        }
    }

    private sealed record Route(long Tag, EventFd EventFd, ICallTarget Target, int Queue, bool IsError);
}
