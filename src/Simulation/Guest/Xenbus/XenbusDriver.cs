using System.Globalization;
using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Store;

namespace XenDmHost.Simulation.Guest.Xenbus;

/// <summary>
/// The guest's half of one device's handshake, in the order of the Linux driver under review ("virtio-mmio: xenbus"): base
/// and size from the other end's folder, an event channel, Initialised, and nothing of the device is touched before Connected.
/// </summary>
internal sealed class XenbusDriver : IDisposable
{
    internal const string Kind = "virtio-mmio";
    private const string Initialising = "1", InitWait = "2", Initialised = "3", Connected = "4", Closing = "5", Closed = "6";

    private readonly StoreServer _store;
    private readonly GuestDomain _domain;
    private readonly int _id;
    private readonly string _folder;
    private readonly ManualResetEventSlim _removal = new();
    private GuestEventChannel? _channel;
    private IDisposable? _removalWatch;

    internal XenbusDriver(StoreServer store, GuestDomain domain, int id)
    {
        _store = store;
        _domain = domain;
        _id = id;
        _folder = $"/local/domain/{domain.Id.ToString(CultureInfo.InvariantCulture)}/device/{Kind}/{id.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The guest's folder of the device.</summary>
    internal string Folder => _folder;

    /// <summary>Set once the other end wants the device gone, after <see cref="Probe"/>.</summary>
    internal WaitHandle RemovalAsked => _removal.WaitHandle;

    /// <summary>An address that the guest chooses itself and publishes; null takes the one that it is told.</summary>
    internal ulong? OwnBase { get; init; }

    /// <summary>Waits until somebody attaches the device; false when the time is over.</summary>
    internal bool WaitUntilAttached(TimeSpan limit) => WaitFor(_folder, () => _store.Read($"{_folder}/state") is not null, limit);

    /// <summary>Waits until the device's folder is gone; false when the time is over.</summary>
    internal bool WaitUntilDetached(TimeSpan limit) => WaitFor(_folder, () => _store.Read($"{_folder}/state") is null, limit);

    /// <summary>Waits until the other end offers a device that this driver has closed; false when the time is over.</summary>
    internal bool WaitUntilOffered(TimeSpan limit)
    {
        var other = Other();
        return WaitFor(other, () => _store.Read($"{other}/state") == InitWait, limit);
    }

    /// <summary>Waits until the other end sends the driver away; false when the time is over.</summary>
    internal bool WaitUntilSentAway(TimeSpan limit)
    {
        var other = Other();
        return WaitFor(other, () => _store.Read($"{other}/state") == Closing, limit);
    }

    /// <summary>From a node to a device that can be touched.</summary>
    /// <exception cref="DriverFailure">The nodes are no good, or the other end does not follow in time.</exception>
    internal GuestDevice Probe(TimeSpan limit)
    {
        var other = Other();
        var window = OwnBase ?? ParseBase(_store.Read($"{other}/base"));
        if (_store.Read($"{other}/size") is null or "") throw new DriverFailure($"{other}/size is missing");
        if (_store.Read($"{_folder}/state") is Closed) BeginAgain(other, limit);
        _channel = _domain.AllocateEventChannel();
        if (OwnBase is { } own) _store.Write($"{_folder}/base", $"0x{own:x}");
        _store.Write($"{_folder}/event-channel", _channel.Port.ToString(CultureInfo.InvariantCulture));
        _store.Write($"{_folder}/state", Initialised);
        Expect(other, Connected, limit);
        _store.Write($"{_folder}/state", Connected);
        _removalWatch = _store.Watch(other, _ =>
        {
            if (_store.Read($"{other}/state") is not Connected) _removal.Set();
        });
        return new GuestDevice(_id, window, _channel.Irq);
    }

    /// <summary>The driver lets go, after it removed the device: as an unbind, or as the other end asked.</summary>
    internal void Close()
    {
        StopWatching();
        WriteIfThere(Closed);
        CloseChannel();
    }

    /// <summary>The same in the two steps of a kernel that is shut down for the next one (kexec), with the other end following each.</summary>
    internal void CloseInSteps(TimeSpan limit)
    {
        StopWatching();
        var other = Other();
        WriteIfThere(Closing);
        Expect(other, Closing, limit);
        WriteIfThere(Closed);
        Expect(other, Closed, limit);
        CloseChannel();
    }

    public void Dispose()
    {
        StopWatching();
        CloseChannel();
        _removal.Dispose();
    }

    private string Other() => _store.Read($"{_folder}/backend") ?? throw new DriverFailure($"{_folder}/backend is missing");

    private void BeginAgain(string other, TimeSpan limit)
    {
        WriteIfThere(Initialising);
        Expect(other, InitWait, limit);
    }

    private void Expect(string other, string state, TimeSpan limit)
    {
        // Who waits for Connected and is told Closing is sent away, and need not wait for the end of the time.
        var sentAway = state == Connected;
        WaitFor(other, () => _store.Read($"{other}/state") is var now && (now == state || (sentAway && now == Closing)), limit);
        if (_store.Read($"{other}/state") == state) return;
        var why = _store.Read(other.Replace("/backend/", "/error/backend/", StringComparison.Ordinal) + "/error");
        throw new DriverFailure($"{other}/state is {_store.Read($"{other}/state") ?? "gone"} and not {state} within {limit.TotalSeconds:0.#} s ({why ?? "no error is written"})");
    }

    private bool WaitFor(string watched, Func<bool> condition, TimeSpan limit)
    {
        using ManualResetEventSlim met = new();
        using var watch = _store.Watch(watched, _ =>
        {
            if (condition()) met.Set();
        });
        return met.Wait(limit);
    }

    /// <summary>A node that is gone must not come back as an empty device.</summary>
    private void WriteIfThere(string state) => _store.Transaction(batch =>
    {
        if (batch.Read($"{_folder}/state") is not null) batch.Write($"{_folder}/state", state);
    });

    private void StopWatching()
    {
        _removalWatch?.Dispose();
        _removalWatch = null;
    }

    private void CloseChannel()
    {
        if (_channel is not null) _domain.CloseEventChannel(_channel);
        _channel = null;
    }

    /// <summary>As the driver's sscanf("0x%llx") reads it.</summary>
    private static ulong ParseBase(string? text) =>
        text is not null && text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var window)
            ? window
            : throw new DriverFailure($"base is '{text}' and not 0x…");
}
