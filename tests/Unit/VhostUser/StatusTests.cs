using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>SET_STATUS and GET_STATUS around the start and the stop of the rings.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly FakeBackEnd _backEnd = new() { ProtocolFeatures = 0x10209 };
    private ulong _status;

    public StatusTests()
    {
        _backEnd.On[FrontEndRequest.GetStatus] = message => _backEnd.Reply(message, FakeBackEnd.U64(_status));
        _backEnd.On[FrontEndRequest.SetStatus] = message =>
        {
            _status = BitConverter.ToUInt64(message.Payload);
            _backEnd.Reply(message, FakeBackEnd.U64(0));
        };
        _backEnd.Negotiated();
    }

    public void Dispose() => _backEnd.Dispose();

    [Fact]
    public void The_features_are_followed_by_features_ok_which_must_stay()
    {
        Assert.True(_backEnd.FrontEnd.SetFeatures(1UL << 32).IsOk);
        Assert.Equal(["SET_FEATURES", "GET_STATUS", "SET_STATUS", "GET_STATUS"], _backEnd.Names);
        Assert.Equal(0xbUL, _status);
    }

    [Fact]
    public void The_start_adds_driver_ok_and_the_stop_is_0()
    {
        Assert.True(_backEnd.FrontEnd.SetFeatures(1UL << 32).IsOk);
        Assert.True(_backEnd.FrontEnd.TellStart().IsOk);
        Assert.Equal(0xfUL, _status);
        Assert.True(_backEnd.FrontEnd.TellStop().IsOk);
        Assert.Equal(0UL, _status);
    }

    [Fact]
    public void What_the_back_end_has_set_already_is_not_set_again()
    {
        _status = 0xf;
        Assert.True(_backEnd.FrontEnd.TellStart().IsOk);
        Assert.Equal(["GET_STATUS"], _backEnd.Names);
    }

    [Fact]
    public void A_back_end_that_takes_features_ok_away_refuses_the_features()
    {
        _backEnd.On[FrontEndRequest.SetStatus] = message => _backEnd.Reply(message, FakeBackEnd.U64(0));
        VhostUserResult result = _backEnd.FrontEnd.SetFeatures(1UL << 32);
        Assert.Contains("does not accept the features", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_protocol_feature_nothing_is_said()
    {
        using FakeBackEnd other = new FakeBackEnd { ProtocolFeatures = 0x209 }.Negotiated();
        Assert.True(other.FrontEnd.SetFeatures(1UL << 32).IsOk && other.FrontEnd.TellStart().IsOk && other.FrontEnd.TellStop().IsOk);
        Assert.Equal(["SET_FEATURES"], other.Names);
    }
}
