using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

public sealed class EventChannelsTests : IPortStream
{
    private readonly List<uint> _delivered = [];
    private readonly EventChannels _channels;

    public EventChannelsTests() => _channels = new EventChannels(this);

    void IPortStream.Send(uint port) => _delivered.Add(port);

    [Fact]
    public void A_port_is_delivered_when_it_is_raised()
    {
        Bind(5).Raise();

        Assert.Equal([5u], _delivered);
    }

    [Fact]
    public void A_port_that_was_delivered_is_masked_until_it_is_written_back()
    {
        var port = Bind(5);
        port.Raise();
        port.Raise();
        port.Raise();
        Assert.Equal([5u], _delivered);

        _channels.Unmask(5);

        Assert.Equal([5u, 5u], _delivered);
    }

    [Fact]
    public void Events_that_came_while_it_was_masked_are_delivered_once()
    {
        var port = Bind(5);
        port.Raise();
        port.Raise();
        _channels.Unmask(5);
        _channels.Unmask(5);

        Assert.Equal([5u, 5u], _delivered);
    }

    [Fact]
    public void Nothing_is_delivered_by_writing_back_a_port_without_events()
    {
        var port = Bind(5);
        port.Raise();
        _channels.Unmask(5);
        _channels.Unmask(5);
        Assert.Equal([5u], _delivered);

        port.Raise();

        Assert.Equal([5u, 5u], _delivered);
    }

    [Fact]
    public void Ports_are_masked_one_by_one()
    {
        var (five, six) = (Bind(5), Bind(6));
        five.Raise();
        six.Raise();
        five.Raise();
        _channels.Unmask(6);

        Assert.Equal([5u, 6u], _delivered);
    }

    [Fact]
    public void Writing_back_a_port_that_is_not_ours_is_ignored()
    {
        Bind(5).Raise();
        _channels.Unmask(99);

        Assert.Equal([5u], _delivered);
    }

    [Fact]
    public void An_unbound_port_delivers_nothing_and_tells_its_other_end()
    {
        var released = 0;
        var port = _channels.Bind(5, () => released++);

        Assert.True(_channels.TryUnbind(5));
        Assert.False(_channels.TryUnbind(5));
        port.Raise();

        Assert.Equal(1, released);
        Assert.Empty(_delivered);
    }

    [Fact]
    public void A_number_that_is_bound_anew_does_not_answer_to_its_old_binding()
    {
        var old = Bind(5);
        _channels.TryUnbind(5);
        Bind(5);

        old.Raise();

        Assert.Empty(_delivered);
    }

    private EventChannelPort Bind(uint number) => _channels.Bind(number, () => { });
}
