using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class ConfigTests : IDisposable
{
    private readonly FakeBackEnd _backEnd = new();

    public void Dispose() => _backEnd.Dispose();

    [Fact]
    public void The_config_space_is_read_again_as_a_whole()
    {
        _backEnd.Negotiated();
        _backEnd.Config = [9, 8, 7];
        byte[] config = new byte[3];
        Assert.True(_backEnd.FrontEnd.GetConfig(config).IsOk);
        Assert.Equal([9, 8, 7], config);
    }

    [Fact]
    public void Without_config_neither_message_is_sent()
    {
        _backEnd.ProtocolFeatures = 0x9;
        _backEnd.Negotiated();
        Assert.Equal(
            "GET_CONFIG: not sent: the back-end does not serve the config space (no CONFIG)", _backEnd.FrontEnd.GetConfig(new byte[4]).ToString());
        Assert.Equal(
            "SET_CONFIG: not sent: the back-end does not serve the config space (no CONFIG)", _backEnd.FrontEnd.SetConfig(0, [1]).ToString());
        Assert.Empty(_backEnd.Messages);
    }

    [Fact]
    public void A_write_that_is_not_taken_names_its_bytes()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetConfig] = message => _backEnd.Reply(message, FakeBackEnd.U64(1));
        Assert.StartsWith(
            "SET_CONFIG offset 32 = 01ff: refused by the back-end (answer 1): ", _backEnd.FrontEnd.SetConfig(32, [1, 255]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_space_beyond_256_bytes_is_a_mistake_of_ours() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _backEnd.FrontEnd.Negotiate(new() { QueueCount = 1, ConfigSize = 257 }, out _));
}
