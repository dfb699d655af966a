using System.Runtime.CompilerServices;
using CsCheck;
using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

public sealed class MessageReaderTests
{
    [Fact]
    public void A_header_is_16_bytes() => Assert.Equal(16, Unsafe.SizeOf<MessageHeader>());

    [Fact]
    public void A_header_is_written_in_host_order()
    {
        byte[] wire = new byte[16];
        new MessageHeader { Operation = XenStoreOperation.Write, RequestId = 0x01020304, TransactionId = 7, PayloadLength = 4080 }.Write(wire);
        Assert.Equal(Wire.Hex("0b000000 04030201 07000000 f00f0000"), wire);
    }

    [Fact]
    public void A_message_is_read_wherever_the_stream_is_cut()
    {
        byte[] stream = [.. Wire.Message(2, 9, 0, "value"), .. Wire.Message(15, 0, 0, "a\0t\0")];
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            List<XenStoreMessage> messages = [.. ReadAll(stream[..cut], stream[cut..])];
            Assert.Equal([XenStoreOperation.Read, XenStoreOperation.WatchEvent], messages.Select(message => message.Header.Operation));
            Assert.Equal("value"u8.ToArray(), messages[0].Payload);
            Assert.Equal(9u, messages[0].Header.RequestId);
        }
    }

    [Fact]
    public void A_length_over_4096_ends_the_stream()
    {
        MessageReader reader = new();
        Wire.Hex("02000000 01000000 00000000 01100000").CopyTo(reader.Free);
        reader.Advance(16);
        Assert.Equal(WireStatus.Oversized, reader.TryTake(out _));
    }

    [Fact]
    public void A_length_of_4096_is_read()
    {
        XenStoreMessage message = Assert.Single(ReadAll(Wire.Message(2, 1, 0, new string('x', 4096))));
        Assert.Equal(4096, message.Payload.Length);
    }

    [Fact]
    public void Random_bytes_neither_throw_nor_hang() =>
        Gen.Byte.Array[0, 200].Array[0, 40].Sample(chunks => ReadAll(chunks).Count() <= (chunks.Sum(chunk => chunk.Length) / 16));

    [Fact]
    public void Random_errors_and_lists_never_throw() => Gen.Byte.Array[0, 4096].Sample(payload =>
    {
        Assert.True(XenStoreErrors.FromPayload(payload) >= XenStoreError.EINVAL);
        Assert.True(WireText.Split(payload).Count <= payload.Length);
        DirectoryParts parts = new();
        Assert.True(Enum.IsDefined(parts.Add(payload)));
    });

    private static IEnumerable<XenStoreMessage> ReadAll(params byte[][] chunks)
    {
        MessageReader reader = new();
        foreach (byte[] chunk in chunks)
        {
            chunk.CopyTo(reader.Free);
            reader.Advance(chunk.Length);
            WireStatus status;
            while ((status = reader.TryTake(out XenStoreMessage message)) == WireStatus.Complete) yield return message;
            if (status == WireStatus.Oversized) yield break;
        }
    }
}
