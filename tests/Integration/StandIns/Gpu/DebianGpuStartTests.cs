namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>
/// What libvhost-user's display does between SET_VRING_ADDR and SET_VRING_KICK. When the front-end's protocol features come
/// over the GPU socket it looks at its ring at once, without a kick; that is why the host sends the call eventfd before the
/// addresses, and why a back-end that ended during the start of its rings may have used a buffer.
/// </summary>
public sealed class DebianGpuStartTests : IDisposable
{
    private const uint CreateResource = 0x101;
    private const int RequestAt = 0x10000, AnswerAt = 0x11000, AnswerSize = 24;

    private readonly BackEndProcess _process = new DebianGpu().Start();
    private readonly TestGuest _guest = new(xen: false);
    private readonly TestRing _control;
    private readonly GpuPeer _peer = new();
    private readonly WireClient _client;

    public DebianGpuStartTests()
    {
        _control = new TestRing(_guest, 0, TestGuest.Base);
        _client = WireClient.WhenReady(_process.Socket);
        _client.AnswersRepeatNeedReply = true;
        _client.Negotiate(xen: false, Wire.Bit30 | Wire.Version1);
        _client.Acknowledged(Wire.SetMemTable, Wire.Table(_guest.Region()), _guest.Fd);
        _client.Acknowledged(Wire.GpuSetSocket, [], _peer.Other.Fd);
        _peer.Expect(GpuPeer.GetProtocolFeatures);
        _client.Acknowledged(Wire.SetVringNum, Wire.State(0, 8));
        _client.Acknowledged(Wire.SetVringBase, Wire.State(0, 0));
        MakeAvailable();
    }

    public void Dispose()
    {
        _client.Dispose();
        _peer.Dispose();
        _process.Dispose();
        _control.Dispose();
        _guest.Dispose();
    }

    [Fact]
    public void What_is_queued_is_served_before_the_kick_eventfd_is_there()
    {
        _client.Acknowledged(Wire.SetVringCall, Wire.U64(0), _control.Call.Fd);
        _client.Acknowledged(Wire.SetVringAddr, _control.Addresses());
        _peer.Answer(GpuPeer.GetProtocolFeatures, Wire.U64(0));
        Assert.Equal((0u, (uint)AnswerSize), _control.Completed());
        Assert.Equal(1, _control.UsedIndex);
    }

    [Fact]
    public void Without_anybody_to_call_it_uses_the_buffer_and_ends()
    {
        _client.Acknowledged(Wire.SetVringAddr, _control.Addresses());
        _peer.Answer(GpuPeer.GetProtocolFeatures, Wire.U64(0));
        Assert.True(_process.WaitForExit());
        Assert.Equal(1, _control.UsedIndex);
    }

    private void MakeAvailable()
    {
        byte[] request = [.. GpuPeer.Words(CreateResource, 0, 0, 0, 0, 0), .. GpuPeer.Words(1, 2, 32, 32)];
        request.CopyTo(_guest.Ram.Slice(RequestAt, request.Length));
        _control.Submit((TestGuest.Base + RequestAt, request.Length, false), (TestGuest.Base + AnswerAt, AnswerSize, true));
    }
}
