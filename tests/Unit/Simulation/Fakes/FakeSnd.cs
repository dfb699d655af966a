using System.Buffers.Binary;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>A sound card that records what it is given to play, with one stream in each direction.</summary>
internal sealed class FakeSnd
{
    internal FakeSnd(ulong start, ulong ringFeatures)
    {
        byte[] config = [1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0];
        Device = new FakeMmioDevice(25, start, (1UL << 32) | ringFeatures, 4, config)
        {
            Handlers = [Control, (_, _) => null, Transmit, (_, _) => null],
        };
    }

    internal FakeMmioDevice Device { get; }

    internal List<byte> Recorded { get; } = [];

    internal List<uint> Codes { get; } = [];

    private int? Control(byte[] readable, FakeWritable writable)
    {
        var code = BinaryPrimitives.ReadUInt32LittleEndian(readable);
        Codes.Add(code);
        if (code == 0x100)
        {
            // Stream 0 captures and stream 1 plays: a driver that takes the first one takes the wrong one.
            writable.Write(4, PcmInfo(direction: 1));
            writable.Write(4 + 32, PcmInfo(direction: 0));
        }

        writable.Write(0, [0, 0x80, 0, 0]);
        return writable.Length;
    }

    private int? Transmit(byte[] readable, FakeWritable writable)
    {
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(readable));
        Recorded.AddRange(readable.AsSpan(4));
        writable.Write(0, [0, 0x80, 0, 0, 0, 0, 0, 0]);
        return writable.Length;
    }

    private static byte[] PcmInfo(byte direction)
    {
        var info = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(8), 1UL << 5);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(16), 1UL << 7);
        (info[24], info[25], info[26]) = (direction, 1, 2);
        return info;
    }
}
