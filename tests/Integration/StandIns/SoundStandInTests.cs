using System.Buffers.Binary;

namespace XenDmHost.IntegrationTests.StandIns;

public sealed class SoundStandInTests : IDisposable
{
    private const ulong RequestAt = TestGuest.Base + 0x10000, AnswerAt = TestGuest.Base + 0x11000;
    private const uint JackInfo = 1, PcmInfo = 0x100, SetParams = 0x101, Prepare = 0x102, Release = 0x103, Start = 0x104,
        Stop = 0x105, ChmapInfo = 0x200, Ok = 0x8000, BadMessage = 0x8001, NotSupported = 0x8002, IoError = 0x8003;

    private readonly BackEndProcess _process = BackEndProcess.StartStandIn("snd", "--record", "{dir}/pcm", "--xen");
    private readonly TestGuest _guest = new(xen: true);
    private readonly TestRing _control, _transmit, _receive;
    private readonly WireClient _client;

    public SoundStandInTests()
    {
        _control = new(_guest, 0, TestGuest.Base);
        _transmit = new(_guest, 2, TestGuest.Base + 0x2000);
        _receive = new(_guest, 3, TestGuest.Base + 0x4000);
        _client = new WireClient(_process.Socket).Negotiate(xen: true);
        _client.Acknowledged(Wire.SetMemTable, Wire.Table(_guest.Region()), _guest.Fd);
        foreach (TestRing ring in new[] { _control, _transmit, _receive }) ring.BringUp(_client);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
        foreach (TestRing ring in new[] { _control, _transmit, _receive }) ring.Dispose();
        _guest.Dispose();
    }

    private static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    /// <summary>A control request; gives what was written: the status and what follows it.</summary>
    private byte[] Control(params byte[] request)
    {
        request.CopyTo(_guest.Ram.Slice(0x10000, request.Length));
        _control.Submit((RequestAt, request.Length, false), (AnswerAt, 256, true));
        return _guest.Ram.Slice(0x11000, (int)_control.Completed().Written).ToArray();
    }

    private uint Status(params uint[] request) => BinaryPrimitives.ReadUInt32LittleEndian(Control(Words(request)));

    /// <summary>Two channels of S16 at 48000 Hz.</summary>
    private uint SetStereo(uint stream, uint buffer = 8192, uint period = 4096, byte format = 5)
    {
        byte[] request = [.. Words(SetParams, stream, buffer, period, 0), 2, format, 7, 0];
        return BinaryPrimitives.ReadUInt32LittleEndian(Control(request));
    }

    private void Play(byte[] pcm, int slot, uint stream = 0)
    {
        int at = 0x20000 + (0x2000 * slot);
        Words(stream).CopyTo(_guest.Ram.Slice(at, 4));
        pcm.CopyTo(_guest.Ram.Slice(at + 4, pcm.Length));
        _transmit.Submit((TestGuest.Base + (ulong)at, 4 + pcm.Length, false), (TestGuest.Base + (ulong)at + 0x1800, 8, true));
    }

    private uint PlayStatus(int slot) => _guest.Ram.ReadU32(0x21800 + (0x2000 * slot));

    [Fact]
    public void Config_says_one_jack_two_streams_and_one_channel_map_in_12_bytes()
    {
        Assert.Equal(Words(1, 2, 1), _client.Ask(Wire.GetConfig, Wire.Config(0, 12)).Payload[12..]);
        Assert.Equal(12, _client.Ask(Wire.GetConfig, Wire.Config(0, 16)).Payload.Length);
    }

    [Fact]
    public void Pcm_info_describes_a_stream_that_plays_and_one_that_records()
    {
        byte[] answer = Control(Words(PcmInfo, 0, 2, 32));
        Assert.Equal(4 + (2 * 32), answer.Length);
        Assert.Equal(Words(Ok), answer[..4]);
        foreach (int stream in new[] { 0, 1 })
        {
            byte[] info = answer[(4 + (32 * stream))..];
            Assert.NotEqual(0UL, BitConverter.ToUInt64(info, 8) & (1UL << 5));
            Assert.NotEqual(0UL, BitConverter.ToUInt64(info, 16) & (1UL << 7));
            Assert.Equal([(byte)stream, 1, 2], info[24..27]);
        }
    }

    [Fact]
    public void Jack_and_channel_map_info_have_24_bytes_an_item()
    {
        byte[] jack = Control(Words(JackInfo, 0, 1, 24));
        Assert.Equal(Words(Ok), jack[..4]);
        Assert.Equal(1, jack[4 + 16]);
        byte[] map = Control(Words(ChmapInfo, 0, 1, 24));
        Assert.Equal([0, 2, 3, 4], map[8..12]);
    }

    [Theory]
    [InlineData(PcmInfo, 0, 3, 32)]
    [InlineData(PcmInfo, 2, 1, 32)]
    [InlineData(PcmInfo, uint.MaxValue, 1, 32)]
    [InlineData(PcmInfo, 0, uint.MaxValue, uint.MaxValue)]
    [InlineData(PcmInfo, 0, 1, 16)]
    [InlineData(JackInfo, 0, 1, 1024)]
    public void A_query_beyond_what_is_there_or_fits_is_a_bad_message(uint code, uint start, uint count, uint size) =>
        Assert.Equal(BadMessage, Status(code, start, count, size));

    [Fact]
    public void Parameters_that_the_stream_has_not_are_refused()
    {
        Assert.Equal(NotSupported, SetStereo(0, format: 0));
        Assert.Equal(BadMessage, SetStereo(0, buffer: 5000));
        Assert.Equal(BadMessage, SetStereo(0, period: 0));
        Assert.Equal(BadMessage, SetStereo(9));
        Assert.Equal(NotSupported, Status(0x300, 0));
    }

    [Fact]
    public void A_stream_follows_its_life_cycle_and_no_other()
    {
        Assert.Equal(BadMessage, Status(Prepare, 0));
        Assert.Equal(Ok, SetStereo(0));
        Assert.Equal(BadMessage, Status(Start, 0));
        Assert.Equal(Ok, Status(Prepare, 0));
        Assert.Equal(BadMessage, Status(Stop, 0));
        Assert.Equal(Ok, Status(Start, 0));
        Assert.Equal(BadMessage, Status(Release, 0));
        Assert.Equal(BadMessage, SetStereo(0));
        Assert.Equal(Ok, Status(Stop, 0));
        Assert.Equal(Ok, Status(Start, 0));
        Assert.Equal(Ok, Status(Stop, 0));
        Assert.Equal(Ok, Status(Release, 0));
        Assert.Equal(Ok, Status(Prepare, 0));
    }

    [Fact]
    public void What_is_played_before_and_after_the_start_is_recorded_in_order()
    {
        byte[] first = [.. Enumerable.Range(0, 4096).Select(i => (byte)i)];
        byte[] second = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 3))];
        SetStereo(0);
        Status(Prepare, 0);
        Play(first, slot: 0);
        Assert.Equal(Ok, Status(Start, 0));
        _transmit.Completed();
        Play(second, slot: 1);
        _transmit.Completed();

        Assert.Equal((Ok, Ok), (PlayStatus(0), PlayStatus(1)));
        Assert.Equal([.. first, .. second], File.ReadAllBytes(Path.Combine(_process.Folder, "pcm")));
    }

    [Fact]
    public void A_release_gives_back_what_was_not_played_and_records_nothing_of_it()
    {
        SetStereo(0);
        Status(Prepare, 0);
        Play([1, 2, 3, 4], slot: 0);
        Assert.Equal(Ok, Status(Release, 0));
        _transmit.Completed();
        Assert.Equal(IoError, PlayStatus(0));
        Assert.Empty(File.ReadAllBytes(Path.Combine(_process.Folder, "pcm")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pcm_for_a_stream_that_does_not_play_is_a_bad_message(uint stream)
    {
        Play([1, 2, 3, 4], slot: 0, stream);
        _transmit.Completed();
        Assert.Equal(BadMessage, PlayStatus(0));
    }

    [Fact]
    public void What_is_recorded_is_silence()
    {
        SetStereo(1);
        Status(Prepare, 1);
        Status(Start, 1);
        Words(1).CopyTo(_guest.Ram.Slice(0x10800, 4));
        _guest.Ram.Slice(0x20000, 4096).Fill(0x55);
        _receive.Submit((RequestAt + 0x800, 4, false), (TestGuest.Base + 0x20000, 4096, true), (TestGuest.Base + 0x22000, 8, true));
        Assert.Equal(4104u, _receive.Completed().Written);
        Assert.All(_guest.Ram.Slice(0x20000, 4096).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(Ok, _guest.Ram.ReadU32(0x22000));
    }
}
