using XenDmHost.Host.Native;

namespace XenDmHost.Host.Notify;

/// <summary>
/// The way from a guest's QueueNotify to the back-end, for the queues of one device: the relay, a write to the queue's
/// kick eventfd on the thread that answers ioreqs.
/// </summary>
/// <remarks>
/// The back-end holds that eventfd too. It can fill the counter, so that the write is refused, and it can take
/// O_NONBLOCK away as well, so that the write waits: <see cref="KickWatch"/> then frees the thread.
/// </remarks>
internal sealed class KickRoute(int queueCount)
{
    private readonly EventFd?[] _kicks = new EventFd?[queueCount];
    private EventFd? _inProgress;
    private long _kicksSent;

    /// <summary>Kicks that reached a back-end's eventfd.</summary>
    internal long Sent => Volatile.Read(ref _kicksSent);

    /// <summary>Sets or, with null, removes a queue's eventfd.</summary>
    internal void Set(int queue, EventFd? kick) => Volatile.Write(ref _kicks[queue], kick);

    /// <summary>Kicks, if the ring is started. For the thread that answers ioreqs.</summary>
    /// <returns>False when the back-end's eventfd refuses: the device is to be failed.</returns>
    internal bool TryKick(int queue)
    {
        EventFd? kick = Volatile.Read(ref _kicks[queue]);
        if (kick is null)
        {
            // Not started yet, or not any more: every start ends with a kick of its own.
            return true;
        }

        Volatile.Write(ref _inProgress, kick);
        int result = kick.TrySignal();
        Volatile.Write(ref _inProgress, null);
        Volatile.Write(ref _kicksSent, _kicksSent + 1);
        return result is 0 or -Errno.EBADF;
    }

    /// <summary>The eventfd that is being written at this moment, if any.</summary>
    internal EventFd? InProgress => Volatile.Read(ref _inProgress);
}
