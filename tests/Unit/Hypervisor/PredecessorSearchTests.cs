using XenDmHost.Host.Hypervisor.Xen;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>Which ioreq server is adopted. Another emulator's is in nobody's use from when it is made until its ports are bound.</summary>
public sealed class PredecessorSearchTests
{
    private const ushort Ours = 1, Emulators = 0;
    private static readonly ushort[] All = [0, 1, 2, 3];

    private readonly HashSet<ushort> _servers = [];
    private readonly HashSet<ushort> _inUse = [];
    private readonly List<ushort> _touched = [];
    private int _pauses;
    private Action _meanwhile = () => { };

    [Fact]
    public void Without_any_server_nothing_is_adopted_and_nobody_waits()
    {
        Assert.Null(Find(noted: null));
        Assert.Null(Find(noted: Ours));
        Assert.Equal(0, _pauses);
    }

    [Fact]
    public void The_noted_one_is_adopted_at_once_and_no_other_is_touched()
    {
        _servers.UnionWith([Emulators, Ours]);
        Assert.Equal(Ours, Find(Ours));
        Assert.Equal([Ours], _touched);
        Assert.Equal(0, _pauses);
    }

    [Fact]
    public void An_emulators_is_not_adopted_in_the_place_of_a_noted_one_that_is_no_more()
    {
        _servers.Add(Emulators);
        Assert.Null(Find(Ours));
        Assert.Empty(_touched);
    }

    [Fact]
    public void A_noted_one_whose_host_is_about_to_end_is_adopted_when_that_has_ended()
    {
        _servers.Add(Ours);
        _inUse.Add(Ours);
        _meanwhile = _inUse.Clear;
        Assert.Equal(Ours, Find(Ours));
    }

    [Fact]
    public void A_noted_one_that_stays_in_use_is_left_alone()
    {
        _servers.Add(Ours);
        _inUse.Add(Ours);
        Assert.Null(Find(Ours));
    }

    [Fact]
    public void Without_a_note_an_emulator_that_begins_has_bound_its_ports_before_any_is_touched()
    {
        _servers.Add(Emulators);
        _meanwhile = () =>
        {
            Assert.Empty(_touched);
            _inUse.Add(Emulators);
        };
        Assert.Null(Find(noted: null));
        Assert.Equal(1, _pauses);
    }

    [Fact]
    public void Without_a_note_one_that_nobody_serves_is_an_earlier_hosts()
    {
        _servers.UnionWith([Emulators, Ours]);
        _inUse.Add(Emulators);
        Assert.Equal(Ours, Find(noted: null));
    }

    [Fact]
    public void One_that_was_made_during_the_pause_is_not_looked_at()
    {
        _servers.Add(Emulators);
        _inUse.Add(Emulators);
        _meanwhile = () => _servers.Add(2);
        Assert.Null(Find(noted: null));
    }

    private ushort? Find(ushort? noted) => PredecessorSearch.Find(noted, All, id => _servers.Contains(id), IsOrphan, Pause);

    private bool IsOrphan(ushort id)
    {
        _touched.Add(id);
        return !_inUse.Contains(id);
    }

    private void Pause()
    {
        _pauses++;
        _meanwhile();
    }
}
