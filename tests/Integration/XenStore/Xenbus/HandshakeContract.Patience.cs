namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

/// <content>Drivers that wait for a daemon, and drivers that go without a reset of the device.</content>
public abstract partial class HandshakeContract
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void A_driver_does_not_wait_for_ever_for_a_daemon_and_is_offered_the_device_again_when_it_is_there()
    {
        _device.IsReady = false;
        Begin(patience: Short);
        Expect("2");
        Publish("17");
        Expect("5");
        Assert.Equal(1, _device.TimesSentAway);
        Assert.Equal("110 no daemon", _other.Read($"/local/domain/0/error/backend/virtio-mmio/{_domid}/0/error").Value);
        Guest("6");
        Expect("6");
        Settle();
        Assert.Empty(_calls.Drain());

        _device.IsReady = true;
        _host.Post(_handshake!.Look);
        Expect("2");
        Settle();
        Assert.Equal("2", Read(Ours, "state"));
        Publish("18");
        Assert.Equal("connect 18", _calls.Next());
        Expect("4");
        Guest("4");
        Settle();

        // That the driver closes later is no reason to offer it anything again.
        Guest("6");
        Expect("6");
        Settle();
        Assert.Equal("6", Read(Ours, "state"));
        Assert.Equal(1, _device.TimesSentAway);
    }

    [Fact]
    public void A_driver_that_begins_anew_waits_anew()
    {
        _device.IsReady = false;
        Begin(patience: Short);
        for (int driver = 1; driver <= 3; driver++)
        {
            Expect("2");
            Publish("17");
            Expect("5");
            Guest("6");
            Expect("6");
            Guest("1");
            Assert.Equal(driver, _device.TimesSentAway);
        }
    }

    [Fact]
    public void A_driver_that_stays_when_it_is_sent_away_is_connected_when_the_daemon_comes()
    {
        _device.IsReady = false;
        Begin(patience: Short);
        Expect("2");
        Publish("17");
        Expect("5");
        _device.IsReady = true;
        _host.Post(_handshake!.Look);
        Assert.Equal("connect 17", _calls.Next());
        Expect("4");
    }

    [Theory]
    [InlineData("6", "6")]
    [InlineData("1", "2")]
    [InlineData(null, "6")]
    public void What_a_driver_left_running_is_stopped_before_the_other_end_says_so(string? state, string answer)
    {
        Connect();
        _device.ResetsAtOnce = false;
        if (state is null) Ok(_other.Remove(Theirs));
        else Guest(state);
        Assert.Equal("reset", _calls.Next());
        Settle();
        Assert.Equal("4", Read(Ours, "state"));
        Assert.DoesNotContain("disconnect", _calls.Drain());

        _device.ResetsAtOnce = true;
        _host.Post(_handshake!.Look);
        Assert.Equal("disconnect", _calls.Next());
        Expect(answer);
    }

    [Fact]
    public void A_driver_that_is_closing_is_served_on_for_it_may_have_work_to_do()
    {
        Connect();
        _device.ResetsAtOnce = false;
        Guest("5");
        Expect("5");
        Settle();
        Assert.Empty(_calls.Drain());
    }
}
