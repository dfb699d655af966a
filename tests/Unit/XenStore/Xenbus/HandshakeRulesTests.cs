using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.UnitTests.XenStore.Xenbus;

/// <summary>Our half of the handshake as a table: docs/xenstore.md.</summary>
public sealed class HandshakeRulesTests
{
    private const int Gone = -1;

    [Theory]
    [InlineData(1, 1, "Offer")]
    [InlineData(2, 1, "None")]
    [InlineData(1, 3, "Connect")]
    [InlineData(2, 3, "Connect")]
    [InlineData(2, 4, "Connect")]
    [InlineData(5, 3, "Connect")]
    [InlineData(6, 3, "Connect")]
    [InlineData(6, 4, "None")]
    [InlineData(5, 1, "Offer")]
    [InlineData(6, 1, "Offer")]
    [InlineData(4, 1, "Offer")]
    [InlineData(4, 5, "Close")]
    [InlineData(2, 5, "Close")]
    [InlineData(5, 5, "None")]
    [InlineData(6, 5, "None")]
    [InlineData(4, 6, "Finish")]
    [InlineData(5, 6, "Finish")]
    [InlineData(6, 6, "None")]
    [InlineData(2, Gone, "None")]
    [InlineData(4, Gone, "Finish")]
    [InlineData(2, 0, "Refuse")]
    [InlineData(4, 7, "Refuse")]
    [InlineData(2, 8, "Refuse")]
    public void The_pair_of_states_says_what_is_next(int ours, int theirs, string expected) =>
        Assert.Equal(Enum.Parse<HandshakeAction>(expected), HandshakeRules.Decide(View(ours, theirs)));

    [Fact]
    public void A_connected_device_is_looked_at_again_and_one_that_is_bound_already_closes_when_its_driver_did()
    {
        Assert.Equal(HandshakeAction.Recheck, HandshakeRules.Decide(View(4, 4) with { Bound = true }));
        Assert.Equal(HandshakeAction.Finish, HandshakeRules.Decide(View(6, 6) with { Bound = true }));
        Assert.Equal(HandshakeAction.Offer, HandshakeRules.Decide(View(2, 1) with { Bound = true }));
    }

    [Fact]
    public void Closing_that_somebody_else_wrote_is_answered_with_Closed()
    {
        Assert.Equal(HandshakeAction.Finish, HandshakeRules.Decide(View(5, 4) with { OursIsForeign = true }));
        Assert.Equal(HandshakeAction.Connect, HandshakeRules.Decide(View(5, 4)));
    }

    [Fact]
    public void A_node_that_is_gone_is_never_written_whatever_else_stands()
    {
        foreach (HandshakeView view in All().Where(view => view.Ours is null))
        {
            Assert.Equal(HandshakeAction.Vanish, HandshakeRules.Decide(view));
        }
    }

    [Fact]
    public void What_the_toolstack_wants_gone_goes_whatever_the_guest_does()
    {
        foreach (HandshakeView view in All().Where(view => view is { Ours: not null, Online: false }))
        {
            Assert.Equal(HandshakeAction.Leave, HandshakeRules.Decide(view));
        }
    }

    [Fact]
    public void Connected_is_never_said_before_the_guest_is_Initialised_and_the_daemon_there_unless_it_stands_already()
    {
        foreach (HandshakeView view in All().Where(view => HandshakeRules.Decide(view) == HandshakeAction.Connect))
        {
            Assert.True(view.Theirs is XenbusState.Initialised or XenbusState.Connected, view.ToString());
            Assert.True(view.Ready || view.Ours == XenbusState.Connected, view.ToString());
            Assert.False(view.Refused, view.ToString());
        }
    }

    [Fact]
    public void Only_a_driver_that_waits_for_the_daemon_alone_is_sent_away()
    {
        foreach (HandshakeView view in All().Where(view => HandshakeRules.Decide(view) == HandshakeAction.GiveUp))
        {
            Assert.True(view is { Overdue: true, Ready: false, Refused: false, Theirs: XenbusState.Initialised, Ours: XenbusState.Initialising or XenbusState.InitWait }, view.ToString());
        }

        Assert.Equal(HandshakeAction.GiveUp, HandshakeRules.Decide(View(2, 3) with { Ready = false, Overdue = true }));
    }

    [Theory]
    [InlineData(5, true, "Offer")]
    [InlineData(6, true, "Offer")]
    [InlineData(2, true, "None")]
    [InlineData(6, false, "None")]
    [InlineData(2, false, "Finish")]
    public void A_driver_that_was_sent_away_is_offered_the_device_again_once_the_daemon_is_there(int ours, bool ready, string expected) =>
        Assert.Equal(Enum.Parse<HandshakeAction>(expected), HandshakeRules.Decide(View(ours, 6) with { SentAway = true, Ready = ready }));

    [Fact]
    public void Who_was_refused_waits_until_his_state_changes_and_may_always_close()
    {
        foreach (HandshakeView view in All().Where(view => view is { Refused: true, Online: true, Ours: not null, OursIsForeign: false }))
        {
            HandshakeAction action = HandshakeRules.Decide(view);
            Assert.True(action is HandshakeAction.None or HandshakeAction.Close or HandshakeAction.Finish
                || (action == HandshakeAction.Offer && view is { SentAway: true, Theirs: XenbusState.Closed }), $"{view}: {action}");
        }
    }

    private static HandshakeView View(int ours, int theirs) => new()
    {
        Ours = ours == Gone ? null : (XenbusState)ours,
        Theirs = theirs == Gone ? null : (XenbusState)theirs,
        Online = true,
        Ready = true,
    };

    private static IEnumerable<HandshakeView> All() =>
        from ours in Enumerable.Range(-1, 10)
        from theirs in Enumerable.Range(-1, 10)
        from flags in Enumerable.Range(0, 128)
        select View(ours, theirs) with
        {
            Online = (flags & 1) != 0,
            Bound = (flags & 2) != 0,
            Ready = (flags & 4) != 0,
            Refused = (flags & 8) != 0,
            OursIsForeign = (flags & 16) != 0,
            Overdue = (flags & 32) != 0,
            SentAway = (flags & 64) != 0,
        };
}
