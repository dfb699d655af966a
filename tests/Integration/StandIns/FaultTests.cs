using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns;

public sealed class FaultTests : IDisposable
{
    private readonly TestGuest _guest = new(xen: false);
    private BackEndProcess? _process;

    public void Dispose()
    {
        _process?.Dispose();
        _guest.Dispose();
    }

    private WireClient Connect() => new(_process!.Socket);

    private WireClient StartWith(params string[] faults)
    {
        _process = BackEndProcess.StartStandIn(
            ["blk", "--image", "{dir}/disk", "--size", "65536", .. faults.SelectMany(fault => new[] { "--fault", fault })]);
        return Connect();
    }

    private static void SendGetFeatures(WireClient client) => client.Send(Wire.GetFeatures, []);

    [Fact]
    public void Refuse_nack_answers_1_and_ends()
    {
        using WireClient client = StartWith("refuse-nack=SET_VRING_NUM").Negotiate(xen: false);
        client.RefusedWithNack(Wire.SetVringNum, Wire.State(0, 64));
        Assert.Contains("SET_VRING_NUM refused", _process!.NextError(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_eof_ends_without_a_word()
    {
        using WireClient client = StartWith("refuse-eof=SET_VRING_NUM").Negotiate(xen: false);
        client.RefusedByTheEnd(Wire.SetVringNum, Wire.State(0, 64));
    }

    [Fact]
    public void Silent_leaves_one_request_without_an_answer_and_stays()
    {
        using WireClient client = StartWith("silent=GET_QUEUE_NUM").Negotiate(xen: false);
        client.Send(Wire.GetQueueNum, []);
        client.Ask(Wire.GetFeatures);
    }

    [Fact]
    public void Short_reply_halves_the_answer()
    {
        using WireClient client = StartWith("short-reply=GET_FEATURES");
        SendGetFeatures(client);
        Assert.Equal(4, client.Receive()!.Payload.Length);
    }

    [Fact]
    public void Cut_reply_announces_more_than_it_sends()
    {
        using WireClient client = StartWith("cut-reply=GET_FEATURES");
        SendGetFeatures(client);
        Assert.Equal([1, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0], client.ReceiveBytes(12));
        client.ReceiveBytes(4);
        client.Send(Wire.GetQueueNum, []);
        // GET_QUEUE_NUM is not negotiated: the end comes where the other half should have been.
        Assert.Null(client.ReceiveBytes(4));
    }

    [Fact]
    public void Oversized_reply_is_longer_than_any_message_may_be()
    {
        using WireClient client = StartWith("oversized-reply=GET_FEATURES");
        SendGetFeatures(client);
        Assert.Equal(8 + 8192, client.Receive()!.Payload.Length);
    }

    [Fact]
    public void Wrong_id_reply_answers_another_request()
    {
        using WireClient client = StartWith("wrong-id-reply=GET_FEATURES");
        SendGetFeatures(client);
        Assert.Equal(Wire.SetFeatures, client.Receive()!.Id);
    }

    [Theory]
    [InlineData("unexpected-fds=GET_FEATURES", 1)]
    [InlineData("unexpected-fds=GET_FEATURES:64", 64)]
    public void Unexpected_fds_come_with_the_answer(string fault, int count)
    {
        using WireClient client = StartWith(fault);
        SendGetFeatures(client);
        Assert.Equal(count, client.Receive()!.Descriptors);
    }

    [Theory]
    [InlineData("config-short", 59)]
    [InlineData("config-long", 76)]
    public void Config_comes_in_another_length_than_asked_for(string fault, int length)
    {
        using WireClient client = StartWith(fault).Negotiate(xen: false);
        byte[] payload = client.Ask(Wire.GetConfig, Wire.Config(0, 60)).Payload;
        Assert.Equal(length, payload.Length - 12);
        Assert.Equal(length, BitConverter.ToInt32(payload, 4));
    }

    [Fact]
    public void Drop_bit_takes_a_feature_away_from_the_second_connection_on()
    {
        ulong first, second;
        using (WireClient client = StartWith("drop-bit=9")) first = client.Ask(Wire.GetFeatures).Value;
        using (WireClient client = Connect()) second = client.Ask(Wire.GetFeatures).Value;
        Assert.Equal(1UL << 9, first ^ second);
    }

    [Fact]
    public void Exit_after_ends_the_process_at_that_request()
    {
        using WireClient client = StartWith("exit-after=2");
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        Assert.Null(client.Receive());
        Assert.True(_process!.WaitForExit());
    }

    [Theory]
    [InlineData(true, "shrink-memory: EPERM")]
    [InlineData(false, "shrink-memory: done")]
    public void Shrink_memory_says_whether_it_succeeded(bool isSealed, string report)
    {
        using FileDescriptor memory = Memfd.Create("guest", 0x1000, isSealed);
        using WireClient client = StartWith("shrink-memory").Negotiate(xen: false);
        client.Send(Wire.SetMemTable, Wire.Table(_guest.Region(TestGuest.Base, 0x1000, TestGuest.Base)), memory);
        Assert.Equal(report, _process!.NextOutput());
    }

    private TestRing StartRing(WireClient client)
    {
        client.Negotiate(xen: false);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(_guest.Region()), _guest.Fd);
        TestRing ring = new(_guest, 0, TestGuest.Base);
        ring.BringUp(client);
        return ring;
    }

    [Theory]
    [InlineData("poison-kick")]
    [InlineData("poison-kick-blocking")]
    public void A_poisoned_kick_has_no_room_for_a_further_one(string fault)
    {
        using WireClient client = StartWith(fault);
        using TestRing ring = StartRing(client);
        Assert.False(ring.Kick.TrySignalNow());
    }

    [Fact]
    public void A_blocking_poisoned_kick_is_filled_again_when_somebody_empties_it()
    {
        using WireClient client = StartWith("poison-kick-blocking");
        using TestRing ring = StartRing(client);
        Assert.True(ring.Kick.TryRead(out ulong value));
        Assert.Equal(EventFd.Maximum, value);
        Assert.True(ring.Kick.Wait(BackEndProcess.Limit));
    }

    [Fact]
    public void A_poisoned_call_is_full_from_the_start()
    {
        using WireClient client = StartWith("poison-call");
        using TestRing ring = StartRing(client);
        Assert.True(ring.Call.TryRead(out ulong value));
        Assert.Equal(EventFd.Maximum, value);
    }

    [Fact]
    public void A_drained_call_has_nothing_to_read_for_whoever_waited_for_it()
    {
        using WireClient client = StartWith("poison-call-drain");
        using TestRing ring = StartRing(client);
        Assert.False(ring.Call.TryRead(out _));
        Assert.False(ring.Call.Fd.IsNonBlocking());
    }

    [Fact]
    public void Crash_on_kick_ends_the_process_at_the_first_one()
    {
        using WireClient client = StartWith("crash-on-kick");
        using TestRing ring = StartRing(client);
        ring.Kick.Signal();
        Assert.Null(client.Receive());
        Assert.True(_process!.WaitForExit());
    }

    [Theory]
    [InlineData("no-such-fault", "is no fault")]
    [InlineData("silent", "needs a request")]
    [InlineData("silent=NO_SUCH_REQUEST", "needs a request")]
    [InlineData("exit-after", "needs a number")]
    [InlineData("drop-bit=x", "is no number")]
    public void A_fault_that_cannot_be_read_is_named(string text, string reason)
    {
        Assert.False(Simulation.StandIns.Faults.Fault.TryParse(text, out _, out string error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stand_in_started_with_once_ends_when_the_client_leaves()
    {
        _process = BackEndProcess.StartStandIn("snd", "--once");
        using (WireClient client = Connect()) client.Ask(Wire.GetFeatures);
        Assert.True(_process.WaitForExit());
        Assert.Equal(0, _process.ExitCode);
    }

    [Fact]
    public void A_stand_in_started_with_once_ends_with_an_error_when_it_refused_the_client()
    {
        _process = BackEndProcess.StartStandIn("snd", "--once");
        using (WireClient client = Connect()) client.RefusedByTheEnd(60, []);
        Assert.True(_process.WaitForExit());
        Assert.Equal(1, _process.ExitCode);
    }

    [Fact]
    public void The_socket_of_one_that_crashed_is_taken_over_by_the_next()
    {
        using WireClient client = StartWith("exit-after=1");
        SendGetFeatures(client);
        Assert.True(_process!.WaitForExit());
        Assert.True(File.Exists(_process.Socket));

        using BackEndProcess next = BackEndProcess.StartStandIn("snd", "--once", "--socket", _process.Socket);
        using WireClient second = Connect();
        second.Ask(Wire.GetFeatures);
    }
}
