namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>
/// What a back-end on rust-vmm's crates was seen to do with requests, right and wrong, whatever it was built for. Every
/// stand-in and the crates themselves are held to the same rows.
/// </summary>
public sealed partial class MeasuredRules(BackEndPool pool) : IClassFixture<BackEndPool>, IDisposable
{
    private const ulong RingAt = TestGuest.Base;

    private BackEndUnderTest? _backEnd;
    private BackEndProcess? _process;
    private TestGuest? _guest;

    private BackEndUnderTest BackEnd => _backEnd!;

    private BackEndProcess Process => _process!;

    private TestGuest Guest => _guest!;

    public void Dispose() => _guest?.Dispose();

    private WireClient Connect(string backEnd)
    {
        _backEnd = BackEndsUnderTest.All[backEnd];
        _process = pool.Lend(_backEnd);
        _guest = new TestGuest(_backEnd.Xen);
        return new WireClient(_process.Socket);
    }

    private WireClient Negotiated(string backEnd)
    {
        WireClient client = Connect(backEnd);
        return client.Negotiate(BackEnd.Xen);
    }

    private WireClient WithMemory(string backEnd)
    {
        WireClient client = Negotiated(backEnd);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        return client;
    }

    private TestRing NewRing() => new(Guest, BackEnd.Queue, RingAt);

    [Theory]
    [EachBackEnd]
    public void Features_that_were_offered_may_be_set(string backEnd)
    {
        using WireClient client = Connect(backEnd);
        client.Negotiate(BackEnd.Xen, Wire.Bit30 | Wire.Version1 | Wire.Bit33);
        client.Acknowledged(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Bit33));
    }

    [Theory]
    [EachBackEnd]
    public void A_feature_that_was_not_offered_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Version1 | (1UL << 40)));
    }

    [Theory]
    [EachBackEnd]
    public void Reset_device_is_acknowledged(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.Acknowledged(Wire.ResetDevice);
    }

    [Theory]
    [EachBackEnd]
    public void Set_status_without_its_feature_ends_the_connection(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedByTheEnd(Wire.SetStatus, Wire.U64(15));
    }

    [Theory]
    [EachBackEnd]
    public void An_unknown_request_ends_the_connection(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedByTheEnd(60, []);
    }

    [Theory]
    [EachBackEnd(OnlyWithConfig = true)]
    public void Config_that_is_not_there_is_answered_with_a_size_of_0(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        WireReply reply = client.Ask(Wire.GetConfig, Wire.Config(3000, 16));
        Assert.Equal(12, reply.Payload.Length);
        Assert.Equal(Wire.State(3000, 0), reply.Payload[..8]);
    }

    [Theory]
    [EachBackEnd]
    public void Need_reply_is_not_honoured_before_reply_ack_was_acknowledged(string backEnd)
    {
        using WireClient client = Connect(backEnd);
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        client.Send(Wire.SetProtocolFeatures, Wire.U64(Wire.XenMmap));
        client.Send(Wire.SetVringNum, Wire.State(0, 64));
        // The next answer on the socket is this one's, so that neither of the two before was answered.
        client.Ask(Wire.GetFeatures);
    }
}
