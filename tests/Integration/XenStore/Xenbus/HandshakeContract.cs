using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

/// <summary>Our half of the handshake in a store, with a guest and a toolstack that the test plays, good and bad.</summary>
public abstract partial class HandshakeContract : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static int s_lastDomid = 100;
    private readonly uint _domid = (uint)Interlocked.Increment(ref s_lastDomid);
    private readonly XenStoreClient _host;
    private readonly XenStoreClient _other;
    private readonly EventLog<string> _calls = new();
    private readonly EventLog<string> _states = new();
    private readonly RecordedDevice _device;
    private readonly GuestIdentity _guest;
    private XenbusHandshake? _handshake;

    private protected HandshakeContract(IXenStore store)
    {
        XenStoreClientOptions patient = new() { RequestLimit = TimeSpan.FromSeconds(20) };
        _host = XenStoreClient.ConnectUnix(store.SocketPath, patient);
        _other = XenStoreClient.ConnectUnix(store.SocketPath, patient);
        _device = new RecordedDevice(_calls);
        _guest = new GuestIdentity(_domid, "work", $"/vm/{Guid.NewGuid():D}");
        Ok(_other.Write($"/local/domain/{_domid}/vm", _guest.VmPath));
        Ok(XenbusNodes.Attach(_other, Request(0)));
    }

    private string Ours => Request(0).Address.Path;

    private string Theirs => $"/local/domain/{_domid}/device/virtio-mmio/0";

    public void Dispose()
    {
        _handshake?.Dispose();
        _other.Remove($"/local/domain/{_domid}");
        _other.Remove(Ours);
        _other.Dispose();
        _host.Dispose();
        _calls.Dispose();
        _states.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_driver_is_connected_when_it_is_Initialised_and_the_daemon_is_there()
    {
        _device.IsReady = false;
        Begin();
        Expect("2");
        Publish("17");
        Settle();
        Assert.Equal("2", Read(Ours, "state"));
        _device.IsReady = true;
        _host.Post(_handshake!.Look);
        Assert.Equal("connect 17", _calls.Next());
        Expect("4");
        Guest("4");
        Settle();
        Assert.Equal("4", Read(Ours, "state"));
        Assert.Empty(_calls.Drain());
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "'' is no port")]
    [InlineData("0", "'0' is no port")]
    [InlineData("-1", "'-1' is no port")]
    [InlineData("0x11", "'0x11' is no port")]
    [InlineData("131072", "'131072' is no port")]
    [InlineData("99999999999999999999999999", "'999999999999999999999999...' is no port")]
    [InlineData("1\n2", "'1?2' is no port")]
    public void An_event_channel_that_is_none_costs_the_device_and_a_better_one_brings_it_back(string? channel, string complaint)
    {
        Begin();
        Expect("2");
        Publish(channel);
        Assert.Equal("refused", _calls.Next());
        Expect("5");
        Assert.Contains($"{Theirs}/event-channel", _device.Refusals.Single(), StringComparison.Ordinal);
        Assert.Contains(complaint, _device.Refusals.Single(), StringComparison.Ordinal);
        Assert.Equal($"22 {_device.Refusals.Single()}", _other.Read($"/local/domain/0/error/backend/virtio-mmio/{_domid}/0/error").Value);
        Guest("6");
        Expect("6");
        Guest("1");
        Expect("2");
        Publish("5");
        Assert.Equal("connect 5", _calls.Next());
        Expect("4");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("connected")]
    [InlineData("99999999999999999999")]
    public void A_state_that_means_nothing_closes_a_connected_device_and_is_said_once(string nonsense)
    {
        Connect();
        Guest(nonsense);
        Assert.Equal("disconnect", _calls.Next());
        Assert.Equal("refused", _calls.Next());
        Expect("5");
        Settle();
        Guest("6");
        Expect("6");
        Assert.Single(_device.Refusals);
    }

    [Fact]
    public void A_port_that_cannot_be_bound_is_refused_with_the_hypervisors_word()
    {
        _device.ConnectProblem = "event-channel 17: EINVAL";
        Begin();
        Expect("2");
        Publish("17");
        Assert.Equal(["connect 17", "refused"], new[] { _calls.Next(), _calls.Next() });
        Expect("5");
        Settle();
        Assert.Equal("event-channel 17: EINVAL", _device.Refusals.Single());
    }

    [Fact]
    public void A_window_that_cannot_be_claimed_is_refused_once_and_not_again_and_again()
    {
        _device.ClaimProblem = "the window lies in the guest's RAM";
        Begin();
        Assert.Equal("refused", _calls.Next());
        Expect("5");
        Settle();
        Assert.Single(_device.Refusals);
    }

    [Fact]
    public void A_guest_that_is_refused_over_and_over_does_not_fill_the_log()
    {
        Begin();
        Expect("2");
        for (int i = 0; i < 40; i++)
        {
            Publish($"x{i}");
            Settle();
            Guest("6");
            Settle();
            Guest("1");
            Settle();
        }

        Assert.Equal(16, _device.Refusals.Count);
        Assert.Contains("left alone until it is attached anew", _device.Refusals[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_may_be_unbound_and_bound_ten_times()
    {
        Connect();
        for (uint port = 20; port < 30; port++)
        {
            Guest("5");
            Expect("5");
            Guest("6");
            Assert.Equal("disconnect", _calls.Next());
            Expect("6");
            Guest("1");
            Expect("2");
            Publish($"{port}");
            Assert.Equal($"connect {port}", _calls.Next());
            Expect("4");
            Guest("4");
        }
    }

    [Fact]
    public void A_driver_that_comes_straight_from_Closed_to_Initialised_is_connected_too()
    {
        Connect();
        Guest("6");
        Assert.Equal("disconnect", _calls.Next());
        Expect("6");
        Publish("18");
        Assert.Equal("connect 18", _calls.Next());
        Expect("4");
    }

    [Fact]
    public void A_guest_that_begins_anew_without_closing_is_followed()
    {
        Connect();
        Guest("1");
        Assert.Equal("disconnect", _calls.Next());
        Expect("2");
        Publish("19");
        Assert.Equal("connect 19", _calls.Next());
        Expect("4");
    }

    [Fact]
    public void Another_event_channel_in_a_connected_guest_is_bound_in_place_of_the_first()
    {
        Connect();
        Ok(_other.Write($"{Theirs}/event-channel", "33"));
        Assert.Equal("connect 33", _calls.Next());
    }

    [Fact]
    public void A_host_that_comes_to_a_connected_guest_binds_and_writes_nothing()
    {
        Ok(_other.Write($"{Theirs}/event-channel", "17"));
        Guest("4");
        Ok(_other.Write($"{Ours}/state", "4"));
        _device.IsReady = false;
        Begin();
        Assert.Equal("connect 17", _calls.Next());
        Settle();
        Assert.Equal("4", Read(Ours, "state"));
    }

    [Fact]
    public void A_place_that_the_guest_chose_comes_with_its_event_channel()
    {
        Begin();
        Expect("2");
        Ok(_other.Write($"{Theirs}/base", "0xfd123000"));
        Publish("17");
        Assert.Equal("connect 17 at 0xfd123000", _calls.Next());
        Expect("4");
    }

    [Theory]
    [InlineData("base", "0")]
    [InlineData("base", "0x201")]
    [InlineData("base", "0xfffffffffffffffff")]
    [InlineData("base", "here")]
    [InlineData("size", "0x100")]
    [InlineData("size", "much")]
    public void A_place_that_is_none_is_refused(string name, string value)
    {
        Begin();
        Expect("2");
        Ok(_other.Write($"{Theirs}/{name}", value));
        Publish("17");
        Assert.Equal("refused", _calls.Next());
        Assert.StartsWith($"{Theirs}/{name}: '{value}' is no", _device.Refusals.Single(), StringComparison.Ordinal);
    }

    private static void Ok(XenStoreError error) => Assert.Equal(XenStoreError.None, error);

    private AttachRequest Request(uint id) => new(0, _guest, id, _ => 0xfd000000);

    private void Begin(TimeSpan? linger = null, TimeSpan? patience = null)
    {
        // The states as the store tells them, from the one that the handshake writes first.
        string last = Read(Ours, "state");
        Ok(_other.Watch($"{Ours}/state", _ =>
        {
            string state = _other.TryRead($"{Ours}/state", out string text) ? text : "gone";
            if (state == last) return;
            last = state;
            _states.Add(state);
        }).Error);
        _handshake = new XenbusHandshake(_host, Ours, Theirs, _device, new HandshakeLimits(linger ?? Long, patience ?? Long));
        Ok(_handshake.Start());
    }

    private void Connect(TimeSpan? linger = null)
    {
        Begin(linger);
        Expect("2");
        Publish("17");
        Assert.Equal("connect 17", _calls.Next());
        Expect("4");
        Guest("4");
        Settle();
    }

    /// <summary>The guest's driver at its step from 1 to 3.</summary>
    private void Publish(string? channel)
    {
        if (channel is null) _other.Remove($"{Theirs}/event-channel");
        else Ok(_other.Write($"{Theirs}/event-channel", channel));
        Guest("3");
    }

    private void Guest(string state) => Ok(_other.Write($"{Theirs}/state", state));

    private void AskToRemove(bool theirsToo = false) => Ok(_other.RunTransaction(transaction =>
    {
        if (theirsToo) Ok(transaction.Remove(Theirs));
        Ok(transaction.Write($"{Ours}/online", "0"));
        return transaction.Write($"{Ours}/state", "5");
    }));

    /// <summary>Waits until our state is this one; others on the way are passed over.</summary>
    private void Expect(string state)
    {
        while (_states.Next() != state)
        {
        }
    }

    private string Read(string folder, string name) => _other.Read($"{folder}/{name}").Value;

    /// <summary>Returns when the host has looked at everything that was written before.</summary>
    private void Settle()
    {
        using EventLog<string> fence = new();
        using XenStoreWatch watch = _host.Watch($"/fence/{_domid}", fence.Add).Value;
        fence.Next();
        for (int i = 0; i < 3; i++)
        {
            Ok(_other.Write($"/fence/{_domid}", $"{i}"));
            fence.Next();
        }
    }

    private void AssertNothingLeft()
    {
        Assert.Equal(XenStoreError.ENOENT, _other.Read(Ours).Error);
        Assert.Equal(XenStoreError.ENOENT, _other.Read($"/local/domain/{_domid}/device/virtio-mmio").Error);
        Assert.Equal(XenStoreError.ENOENT, _other.Read($"/local/domain/0/backend/virtio-mmio/{_domid}").Error);
    }
}
