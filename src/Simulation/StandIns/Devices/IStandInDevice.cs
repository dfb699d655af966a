using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>What a stand-in does with requests, once vhost-user and the virtqueue are out of the way.</summary>
internal interface IStandInDevice
{
    /// <summary>The device's own feature bits; the transport's are added by the server.</summary>
    ulong Features { get; }

    int QueueCount { get; }

    /// <summary>The device's own socket, if its kind has one.</summary>
    ISideChannel? SideChannel => null;

    /// <summary>Exactly these bytes can be read.</summary>
    ReadOnlySpan<byte> Config { get; }

    /// <summary>Null, or why the guest may not write there.</summary>
    string? WriteConfig(int offset, ReadOnlySpan<byte> data);

    /// <summary>
    /// Serves a request, or keeps it and gives it back through <paramref name="queues"/> later. A chain without room for
    /// the answer that it must get breaks its ring.
    /// </summary>
    Served Serve(int queue, Chain chain, IQueues queues);

    /// <summary>A queue has nothing more for now: whoever kept requests may give them back.</summary>
    void Idle(int queue, IQueues queues)
    {
    }

    /// <summary>Asked from outside to look at what it serves again; whether the config has changed by that.</summary>
    bool Reload() => false;

    /// <summary>The queue stops: gives back or forgets the requests that it kept.</summary>
    void Stop(int queue, IQueues queues);
}
