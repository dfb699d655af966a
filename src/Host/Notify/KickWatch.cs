using System.Collections.Concurrent;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.Notify;

/// <summary>
/// Looks now and then whether a kick of a guest's devices is stuck: a back-end that took O_NONBLOCK from the eventfd and
/// filled its counter would otherwise hold the thread that answers that guest's ioreqs. Reading the eventfd lets the
/// write go through; the device is then failed.
/// </summary>
internal sealed class KickWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<KickRoute, Watched> _routes = new();
    private readonly Timer _timer;

    internal KickWatch() => _timer = new Timer(_ => Look(), null, Interval, Interval);

    /// <summary>Begins to watch.</summary>
    /// <param name="route">The device's kicks.</param>
    /// <param name="stuck">Told when a kick was stuck and has been freed.</param>
    internal void Add(KickRoute route, Action stuck) => _routes[route] = new Watched(stuck);

    internal void Remove(KickRoute route) => _routes.TryRemove(route, out _);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach ((KickRoute route, Watched watched) in _routes)
        {
            EventFd? now = route.InProgress;
            long sent = route.Sent;
            if (now is not null && now == watched.Kick && sent == watched.Sent)
            {
                now.TryDrain();
                watched.Stuck();
            }

            watched.Kick = now;
            watched.Sent = sent;
        }
    }

    private sealed class Watched(Action stuck)
    {
        internal Action Stuck { get; } = stuck;

        internal EventFd? Kick { get; set; }

        internal long Sent { get; set; }
    }
}
