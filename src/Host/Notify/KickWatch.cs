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

    private const int Attempts = 10_000;

    private readonly ConcurrentDictionary<KickRoute, Watched> _routes = new();
    private readonly Action _each;
    private readonly Timer _timer;

    /// <param name="each">Done at each look as well: other things that must not wait for a control thread.</param>
    internal KickWatch(Action each)
    {
        _each = each;
        _timer = new Timer(_ => Look());
    }

    /// <summary>Begins to look. Not before what <c>each</c> looks at is complete: on a slow machine the first look may come at once.</summary>
    internal void Start() => Rearm();

    /// <summary>Begins to watch.</summary>
    /// <param name="route">The device's kicks.</param>
    /// <param name="stuck">Told when a kick was stuck and has been freed.</param>
    internal void Add(KickRoute route, Action stuck) => _routes[route] = new Watched(stuck);

    internal void Remove(KickRoute route)
    {
        if (_routes.TryRemove(route, out Watched? watched))
        {
            lock (watched)
            {
                watched.Forget();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>One look at a time: the next one is due only after this one has ended.</summary>
    private void Rearm()
    {
        try
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The guest is gone.
        }
    }

    private void Look()
    {
        try
        {
            LookAtAll();
            _each();
        }
        finally
        {
            Rearm();
        }
    }

    private void LookAtAll()
    {
        foreach ((KickRoute route, Watched watched) in _routes)
        {
            lock (watched)
            {
                Look(route, watched);
            }
        }
    }

    private static void Look(KickRoute route, Watched watched)
    {
        EventFd? now = route.InProgress;
        long sent = route.Sent;
        if (now is not null && now == watched.Kick && sent == watched.Sent)
        {
            Free(route, now, watched);
        }
        else
        {
            watched.Forget();
        }

        watched.Kick = now;
        watched.Sent = sent;
    }

    /// <summary>
    /// Reads the eventfd so that the write goes through. The back-end may fill it again at once, so it is read many times,
    /// and through a descriptor of our own, because the control thread, once told, closes the device's.
    /// </summary>
    private static void Free(KickRoute route, EventFd kick, Watched watched)
    {
        try
        {
            watched.Own ??= new EventFd(kick.Descriptor.Duplicate());
        }
        catch (Exception gone) when (gone is ObjectDisposedException or OsException)
        {
            // It has just gone through, or the next look finds a descriptor to spare.
            return;
        }

        watched.Stuck();
        for (int i = 0; i < Attempts && route.InProgress == kick; i++)
        {
            watched.Own.TryDrain();
        }
    }

    private sealed class Watched(Action stuck)
    {
        internal Action Stuck { get; } = stuck;

        internal EventFd? Kick { get; set; }

        internal long Sent { get; set; }

        internal EventFd? Own { get; set; }

        internal void Forget()
        {
            Own?.Dispose();
            Own = null;
        }
    }
}
