using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>An epoll set whose members carry a number of 64 bits.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private readonly FileDescriptor _epoll;

    internal EpollSet()
    {
        int fd = LibC.epoll_create1(LibC.EPOLL_CLOEXEC);
        if (fd < 0)
        {
            OsException.ThrowLast("epoll_create1", "epoll", "raise the limit of open files (ulimit -n)");
        }

        _epoll = new FileDescriptor(fd);
    }

    /// <summary>Adds a descriptor, edge-triggered: told once per write, without ever reading it.</summary>
    internal void AddEdgeTriggered(FileDescriptor descriptor, long tag) => Control(LibC.EPOLL_CTL_ADD, descriptor, tag, LibC.EPOLLIN | unchecked((int)0x80000000));

    internal void Remove(FileDescriptor descriptor) => Control(LibC.EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Waits for events and gives their tags.</summary>
    /// <returns>The number of tags; 0 when the time is over or a signal came.</returns>
    internal int Wait(Span<long> tags, int timeoutMs)
    {
        const int Most = 64;
        epoll_event* events = stackalloc epoll_event[Most];
        int count = LibC.epoll_wait(_epoll.Value, events, Math.Min(Most, tags.Length), timeoutMs);
        for (int i = 0; i < count; i++)
        {
            tags[i] = (long)events[i].data.u64;
        }

        return Math.Max(count, 0);
    }

    public void Dispose() => _epoll.Dispose();

    private void Control(int operation, FileDescriptor descriptor, long tag, int events)
    {
        epoll_event entry = default;
        entry.events = events;
        entry.data.u64 = (ulong)tag;
        if (LibC.epoll_ctl(_epoll.Value, operation, descriptor.Value, &entry) < 0)
        {
            OsException.ThrowLast("epoll_ctl", $"fd {descriptor.Value}");
        }
    }
}
