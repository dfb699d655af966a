using System.Text;
using CsCheck;
using XenDmHost.Simulation.Store;

namespace XenDmHost.UnitTests.XenStore;

public sealed class SimulatedStoreSessionTests : IDisposable
{
    private readonly StoreDatabase _database = new();
    private readonly List<byte[]> _sent = [];
    private readonly StoreSession _session;

    public SimulatedStoreSessionTests() => _session = new StoreSession(_database, _sent.Add);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void An_answer_repeats_request_and_transaction_id()
    {
        Assert.Equal("1\0", Ask(6, "\0"));
        Handle(Wire.Message(11, 0x01020304, 1, "/a\0hi"));
        Assert.Equal(Wire.Hex("0b000000 04030201 01000000 03000000 4f4b00"), _sent[^1]);
    }

    [Fact]
    public void A_value_goes_back_without_a_NUL()
    {
        Assert.Equal("OK\0", Ask(11, "/a\0hi"));
        Handle(Wire.Message(2, 5, 0, "/a\0"));
        Assert.Equal(Wire.Hex("02000000 05000000 00000000 02000000 6869"), _sent[^1]);
    }

    [Fact]
    public void An_error_is_a_name_with_a_NUL()
    {
        Handle(Wire.Message(2, 5, 0, "/missing\0"));
        Assert.Equal(Wire.Hex("10000000 05000000 00000000 07000000 454e4f454e5400"), _sent[^1]);
    }

    [Fact]
    public void The_first_event_of_a_watch_follows_its_answer()
    {
        Handle(Wire.Message(4, 5, 0, "/a\0tok\0"));
        Assert.Equal(Wire.Hex("04000000 05000000 00000000 03000000 4f4b00"), _sent[0]);
        Assert.Equal(Wire.Hex("0f000000 00000000 00000000 07000000 2f6100 746f6b00"), _sent[1]);
    }

    [Theory]
    [InlineData(0u, "print\0", "ENOSYS\0")]
    [InlineData(8u, "1\05\06\0", "EACCES\0")]
    [InlineData(9u, "1\0", "EACCES\0")]
    [InlineData(15u, "a\0b\0", "ENOSYS\0")]
    [InlineData(20u, "1\0", "ENOSYS\0")]
    [InlineData(23u, "", "ENOSYS\0")]
    [InlineData(65535u, "", "ENOSYS\0")]
    [InlineData(2u, "", "EINVAL\0")]
    [InlineData(2u, "/a", "EINVAL\0")]
    [InlineData(2u, "/a\0b\0", "EINVAL\0")]
    [InlineData(2u, "/a//b\0", "EINVAL\0")]
    [InlineData(4u, "/a\0", "EINVAL\0")]
    [InlineData(5u, "/a\0none\0", "ENOENT\0")]
    [InlineData(7u, "T\0", "ENOENT\0")]
    [InlineData(7u, "X\0", "EINVAL\0")]
    [InlineData(10u, "x\0", "EINVAL\0")]
    [InlineData(13u, "/\0", "EINVAL\0")]
    [InlineData(14u, "/\0x5\0", "EINVAL\0")]
    public void What_cannot_be_done_is_answered_by_name(uint operation, string payload, string expected) =>
        Assert.Equal(expected, Ask(operation, payload));

    [Fact]
    public void A_length_over_4096_breaks_the_connection_and_4096_does_not()
    {
        Assert.False(StoreWire.TryDecode(Wire.Hex("02000000 01000000 00000000 01100000"), out _, out int consumed));
        Assert.Equal(-1, consumed);
        Assert.True(StoreWire.TryDecode(Wire.Message(2, 1, 0, new string('x', 4096)), out _, out consumed));
        Assert.Equal(16 + 4096, consumed);
    }

    [Fact]
    public void Random_bytes_neither_throw_nor_hang() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        int done = 0;
        while (StoreWire.TryDecode(bytes.AsSpan(done), out StoreRequest request, out int consumed))
        {
            done += consumed;
            _session.Handle(request);
        }

        Assert.True(done <= bytes.Length);
    }, threads: 1);

    [Fact]
    public void Every_request_gets_one_answer_of_a_legal_size()
    {
        string[] texts = ["/", "/a", "/a/b", "a", "@releaseDomain", "", "/a//", "T", "F", "1", "tok", "n0", "r5", "99999999999", "-1"];
        Gen<string> payload = Gen.Int[0, texts.Length - 1].Select(index => texts[index]).Array[0, 4].Select(parts => string.Concat(parts.Select(part => part + "\0")));
        Gen<string> ragged = Gen.Select(payload, Gen.Bool.Select(has => has ? "x" : ""), (strings, tail) => strings + tail);
        Gen.Select(Gen.UInt[0, 30], Gen.UInt[0, 3], ragged).Array[1, 60].Sample(requests =>
        {
            _sent.Clear();
            uint id = 1;
            foreach ((uint operation, uint transaction, string text) in requests) Handle(Wire.Message(operation, id++, transaction, text));
            List<byte[]> answers = _sent.Where(message => BitConverter.ToUInt32(message) != 15).ToList();
            Assert.Equal(Enumerable.Range(1, requests.Length).Select(number => (uint)number), answers.Select(message => BitConverter.ToUInt32(message, 4)));
            Assert.All(_sent, message => Assert.InRange(message.Length, 16, 16 + 4096));
        }, threads: 1);
    }

    private void Handle(byte[] message)
    {
        Assert.True(StoreWire.TryDecode(message, out StoreRequest request, out int consumed));
        Assert.Equal(message.Length, consumed);
        _session.Handle(request);
    }

    private string Ask(uint operation, string payload)
    {
        Handle(Wire.Message(operation, 1, 0, payload));
        byte[] answer = _sent.Last(message => BitConverter.ToUInt32(message) != 15);
        return Encoding.Latin1.GetString(answer, 16, answer.Length - 16);
    }
}
