using System.Runtime.Versioning;
using XenDmHost.Host.XenStore;
using XenDmHost.Simulation.Store;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>The host's view of what the simulated toolstack does.</summary>
public sealed class ToolstackTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly string s_root = VirtioNodeAddress.RootOf(0);
    private readonly SimulatedXenStore _store = new();
    private readonly XenStoreClient _client;
    private readonly EventLog<(VirtioNodeChange, VirtioNodeAddress)> _changes = new();

    public ToolstackTests() => _client = XenStoreClient.ConnectUnix(_store.SocketPath);

    public void Dispose()
    {
        _client.Dispose();
        _changes.Dispose();
        _store.Dispose();
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void The_socket_is_for_its_owner_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_store.SocketPath));

    [Fact]
    public void A_device_is_read_as_libxl_writes_it()
    {
        Guest(5).Create();
        Assert.True(VirtioBackEndNode.TryRead(_client, new VirtioNodeAddress(s_root, 5, 1), out VirtioBackEndNode? node, out string reason), reason);
        Assert.Equal("/local/domain/5/device/virtio/1", node!.XenbusFrontendPath);
        Assert.Equal((0x2000200ul, 34u), (node.Base, node.Irq));
        Assert.Equal((true, XenbusState.Initialising), (node.Online, node.State));
        Assert.Equal(("virtio,device22", false), (node.Type, node.GrantUsage));
        Assert.Equal([new(StoreAccess.None, 0), new(StoreAccess.Read, 5)], _client.GetPermissions($"{s_root}/5/1/state").Value);
    }

    [Theory]
    [InlineData("virtio", null, false)]
    [InlineData("virtio", "0x200", true)]
    [InlineData("virtio-mmio", "4K", true)]
    [InlineData("virtio_disk", null, false)]
    public void The_kind_and_a_size_say_whether_the_ends_shake_hands(string kind, string? size, bool expected)
    {
        VirtioNodeAddress address = new(VirtioNodeAddress.RootOf(0, kind), 5, 51712);
        foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)
            [("frontend", $"/local/domain/5/device/{kind}/51712"), ("frontend-id", "5"), ("online", "1"), ("state", "1"), ("base", "33554432"), ("irq", "33"), ("size", size)])
        {
            if (value is not null) _store.Server.Write($"{address.Path}/{name}", value);
        }

        Assert.True(VirtioBackEndNode.TryRead(_client, address, out VirtioBackEndNode? node, out string reason), reason);
        Assert.Equal((expected, 0x2000000ul), (node!.IsXenbus, node.Base));
    }

    [Fact]
    public void A_node_of_the_kind_that_shakes_hands_needs_a_size()
    {
        VirtioNodeAddress address = new(VirtioNodeAddress.RootOf(0, VirtioNodeAddress.XenbusKind), 5, 0);
        foreach (string pair in (string[])["frontend=/local/domain/5/device/virtio-mmio/0", "frontend-id=5", "online=1", "state=1", "base=0xfd000000"])
        {
            _store.Server.Write($"{address.Path}/{pair.Split('=')[0]}", pair.Split('=')[1]);
        }

        Assert.False(VirtioBackEndNode.TryRead(_client, address, out _, out string reason));
        Assert.Equal($"{address.Path}/size: is missing: the guest's driver asks for it", reason);
        _store.Server.Write($"{address.Path}/size", "0x100");
        Assert.False(VirtioBackEndNode.TryRead(_client, address, out _, out reason));
        Assert.Equal($"{address.Path}/size: is less than the 0x200 bytes of a register window", reason);
    }

    [Theory]
    [InlineData("frontend-id", null, "frontend-id: is missing")]
    [InlineData("frontend-id", "6", "frontend-id: 6 is not the guest that the path names")]
    [InlineData("base", "0x", "base: '0x' is no number from 0 to 18446744073709551615")]
    [InlineData("irq", "4294967296", "irq: '4294967296' is no number from 0 to 4294967295")]
    [InlineData("online", "yes", "online: 'yes' is no number from 0 to 1")]
    [InlineData("transport", "pci", "transport: only mmio is served")]
    [InlineData("state", null, "state: is missing")]
    public void A_bad_node_is_named_in_one_line(string name, string? value, string complaint)
    {
        Guest(5).Create();
        if (value is null) _store.Server.Remove($"{s_root}/5/0/{name}");
        else _store.Server.Write($"{s_root}/5/0/{name}", value);
        Assert.False(VirtioBackEndNode.TryRead(_client, new VirtioNodeAddress(s_root, 5, 0), out _, out string reason));
        Assert.Equal($"{s_root}/5/0/{complaint}", reason);
    }

    [Fact]
    public void Devices_that_were_there_before_are_reported_first()
    {
        Guest(5).Create();
        using VirtioNodes nodes = Follow();
        Assert.Equal([(VirtioNodeChange.Added, Device(5, 0)), (VirtioNodeChange.Added, Device(5, 1))], NextTwo());
    }

    [Fact]
    public void Devices_come_go_offline_and_go()
    {
        using VirtioNodes nodes = Follow();
        Toolstack guest = Guest(5);
        guest.Create();
        Assert.Equal([(VirtioNodeChange.Added, Device(5, 0)), (VirtioNodeChange.Added, Device(5, 1))], NextTwo());
        Assert.False(guest.CloseAll(TimeSpan.Zero));
        Assert.Equal([(VirtioNodeChange.WentOffline, Device(5, 0)), (VirtioNodeChange.WentOffline, Device(5, 1))], NextTwo());
        guest.Destroy();
        Assert.Equal([(VirtioNodeChange.Removed, Device(5, 0)), (VirtioNodeChange.Removed, Device(5, 1))], NextTwo());
    }

    [Fact]
    public void Another_guest_under_the_same_domid_is_another_device()
    {
        Guest(5, "first").Create();
        using VirtioNodes nodes = Follow();
        NextTwo();
        _store.Server.Transaction(batch => batch.Write("/local/domain/5/vm", $"/vm/{Guid.NewGuid():D}"));
        _store.Server.Write($"{s_root}/5/0/state", "1");
        Assert.Equal([(VirtioNodeChange.Removed, Device(5, 0)), (VirtioNodeChange.Added, Device(5, 0))], NextTwo());
    }

    [Fact]
    public void A_lost_connection_removes_no_device()
    {
        Guest(5).Create();
        using VirtioNodes nodes = Follow();
        NextTwo();
        _store.Server.DropClients();
        using EventLog<string> resync = new();
        Assert.True(_client.Watch("/resync", resync.Add).Ok);
        resync.Next();
        Guest(6, "other").Create();
        Assert.Equal([(VirtioNodeChange.Added, Device(6, 0)), (VirtioNodeChange.Added, Device(6, 1))], NextTwo());
    }

    [Fact]
    public async Task The_toolstack_sees_when_all_are_connected_and_when_all_are_closed()
    {
        Toolstack guest = Guest(5);
        guest.Create();
        Assert.False(guest.WaitAllConnected(2, TimeSpan.FromMilliseconds(1)));
        Task<bool> connected = Task.Run(() => guest.WaitAllConnected(2, s_limit));
        SetStates(XenbusState.Connected);
        Assert.True(await connected);

        using VirtioNodes nodes = VirtioNodes.Follow(_client, s_root, (change, address) =>
        {
            if (change == VirtioNodeChange.WentOffline) XenbusBackEndState.Write(_client, address.Path, XenbusState.Closed);
        }).Value;
        Assert.True(guest.CloseAll(s_limit));
    }

    [Fact]
    public void A_guest_is_found_by_name_uuid_and_domid()
    {
        Guid uuid = Guid.NewGuid();
        new Toolstack(_store.Server, new SimulatedDomain(5, "work", uuid, [])).Create();
        GuestLookup lookup = new(_client);
        GuestIdentity expected = new(5, "work", $"/vm/{uuid:D}");
        Assert.Equal(expected, lookup.Find("work").Value);
        Assert.Equal(expected, lookup.Find("5").Value);
        Assert.Equal(expected, lookup.Find(uuid.ToString("D").ToUpperInvariant()).Value);
        Assert.Equal(XenStoreError.ENOENT, lookup.Find("play").Error);
        Assert.Equal(XenStoreError.ENOENT, lookup.Find("0").Error);
    }

    [Fact]
    public void What_a_guest_has_left_behind_is_no_guest()
    {
        _store.Server.Write("/local/domain/5/name", "work");
        _store.Server.Write("/local/domain/5/vm", "/vm/x");
        Assert.Equal(XenStoreError.ENOENT, new GuestLookup(_client).Find("work").Error);
    }

    [Fact]
    public void A_guest_that_is_awaited_comes_goes_and_comes_again_with_another_domid()
    {
        using EventLog<(string, uint)> events = new();
        using GuestFollower follower = GuestFollower.Follow(
            _client, "work", guest => events.Add(("came", guest.Domid)), guest => events.Add(("went", guest.Domid))).Value;
        Guest(4, "other").Create();
        Toolstack first = Guest(5);
        first.Create();
        Assert.Equal(("came", 5u), events.Next());
        first.Destroy();
        Assert.Equal(("went", 5u), events.Next());
        Guest(6).Create();
        Assert.Equal(("came", 6u), events.Next());
    }

    [Fact]
    public void A_guest_that_was_named_by_its_domid_is_known_by_its_uuid_after_a_reboot()
    {
        Guid uuid = Guid.NewGuid();
        using EventLog<(string, uint)> events = new();
        using GuestFollower follower = GuestFollower.Follow(
            _client, "5", guest => events.Add(("came", guest.Domid)), guest => events.Add(("went", guest.Domid))).Value;
        Toolstack first = new(_store.Server, new SimulatedDomain(5, "work", uuid, []));
        first.Create();
        Assert.Equal(("came", 5u), events.Next());
        first.Destroy();
        Assert.Equal(("went", 5u), events.Next());
        Guest(5, "another").Create();
        new Toolstack(_store.Server, new SimulatedDomain(6, "work", uuid, [])).Create();
        Assert.Equal(("came", 6u), events.Next());
    }

    [Fact]
    public void The_end_of_the_guest_leaves_nothing_of_it_in_the_store()
    {
        Toolstack guest = Guest(5);
        guest.Create();
        guest.Destroy();
        Assert.Empty(_store.Server.Directory("/vm"));
        Assert.Empty(_store.Server.Directory("/local/domain/0/backend/virtio"));
        Assert.DoesNotContain("5", _store.Server.Directory("/local/domain"));
    }

    private static VirtioNodeAddress Device(uint domid, uint id) => new(s_root, domid, id);

    private Toolstack Guest(uint domid, string name = "work") =>
        new(_store.Server, new SimulatedDomain(domid, name, Guid.NewGuid(), ["virtio,device", "virtio,device22"]));

    private VirtioNodes Follow() => VirtioNodes.Follow(_client, s_root, (change, address) => _changes.Add((change, address))).Value;

    /// <summary>The next two changes, by device: a removal may be noticed while one device of two is looked at.</summary>
    private IEnumerable<(VirtioNodeChange, VirtioNodeAddress Address)> NextTwo() =>
        new[] { _changes.Next(), _changes.Next() }.OrderBy(change => change.Item2.DeviceId);

    private void SetStates(XenbusState state)
    {
        for (uint device = 0; device < 2; device++) Assert.Equal(XenStoreError.None, XenbusBackEndState.Write(_client, Device(5, device).Path, state));
    }
}
