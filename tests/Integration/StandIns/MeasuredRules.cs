namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>
/// What a back-end on rust-vmm's crates was seen to do with requests, right and wrong, whatever it was built for. The
/// daemon comes from the derived class, so that a real one can be held to the same rows.
/// </summary>
public abstract partial class MeasuredRules(IBackEndUnderTest backEnd) : IDisposable
{
    private protected const ulong RingAt = TestGuest.Base;

    private protected BackEndProcess Process { get; } = backEnd.Start();

    private protected TestGuest Guest { get; } = new(backEnd.Xen);

    private protected bool Xen => backEnd.Xen;

    public void Dispose()
    {
        Process.Dispose();
        Guest.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected WireClient Connect() => new(Process.Socket);

    private protected WireClient Negotiated() => Connect().Negotiate(Xen);

    private protected WireClient WithMemory()
    {
        WireClient client = Negotiated();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        return client;
    }

    [Fact]
    public void Features_that_were_offered_may_be_set()
    {
        using WireClient client = Connect().Negotiate(Xen, Wire.Bit30 | Wire.Version1 | Wire.Bit33);
        client.Acknowledged(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Bit33));
    }

    [Fact]
    public void A_feature_that_was_not_offered_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Version1 | (1UL << 40)));
    }

    [Fact]
    public void Reset_device_is_acknowledged()
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.ResetDevice);
    }

    [Fact]
    public void Set_status_without_its_feature_ends_the_connection()
    {
        using WireClient client = Negotiated();
        client.RefusedByTheEnd(Wire.SetStatus, Wire.U64(15));
    }

    [Fact]
    public void An_unknown_request_ends_the_connection()
    {
        using WireClient client = Negotiated();
        client.RefusedByTheEnd(60, []);
    }

    [Fact]
    public void Config_that_is_not_there_is_answered_with_a_size_of_0()
    {
        using WireClient client = Negotiated();
        WireReply reply = client.Ask(Wire.GetConfig, Wire.Config(3000, 16));
        Assert.Equal(12, reply.Payload.Length);
        Assert.Equal(Wire.State(3000, 0), reply.Payload[..8]);
    }

    [Fact]
    public void Need_reply_is_not_honoured_before_reply_ack_was_acknowledged()
    {
        using WireClient client = Connect();
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        client.Send(Wire.SetProtocolFeatures, Wire.U64(Wire.XenMmap));
        client.Send(Wire.SetVringNum, Wire.State(0, 64));
        // The next answer on the socket is this one's, so that neither of the two before was answered.
        client.Ask(Wire.GetFeatures);
    }
}
