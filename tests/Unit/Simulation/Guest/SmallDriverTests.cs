using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.Guest.Workloads;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Guest;

/// <summary>The drivers of rng, gpio and scmi against devices that do what they should, and against liars.</summary>
public sealed class SmallDriverTests
{
    private const ulong First = TestPlatform.FirstWindow;
    private const ulong Version1 = 1UL << 32;
    private byte _random = 1;

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "none that is not zero")]
    public void Random_bytes_that_are_all_zero_are_noticed(bool random, string? error) =>
        Drive(new FakeMmioDevice(4, First, Version1, 1, []) { Handlers = [(_, room) => Fill(room, random ? NextRandom() : [])] }, error);

    [Fact]
    public void Random_bytes_that_repeat_are_noticed() =>
        Drive(new FakeMmioDevice(4, First, Version1, 1, []) { Handlers = [(_, room) => Fill(room, [1, 2, 3, 4, 5, 6, 7, 8])] }, "the same eight");

    [Fact]
    public void Bytes_behind_the_number_that_the_device_says_are_noticed() =>
        Drive(new FakeMmioDevice(4, First, Version1, 1, []) { Handlers = [(_, room) => Fill(room, NextRandom()) - 8] }, "behind the");

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "reads 0 after it was set to 1")]
    public void A_line_that_keeps_no_level_is_noticed(bool stuck, string? error)
    {
        var (level, direction) = ((byte)0, (byte)0);
        FakeMmioDevice device = new(41, First, Version1, 2, [1, 0, 0, 0, 5, 0, 0, 0])
        {
            Handlers = [(request, room) => Gpio(request, room, stuck, ref level, ref direction)],
        };
        Drive(device, error);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "under another header")]
    public void An_answer_to_another_message_is_noticed(uint change, string? error) =>
        Drive(new FakeMmioDevice(32, First, Version1, 2, []) { Handlers = [(request, room) => Scmi(request, room, change)] }, error);

    private static void Drive(FakeMmioDevice device, string? error)
    {
        using var platform = new TestPlatform();
        using var host = platform.Attach(device);
        DeviceOutcome? outcome = null;
        new DriveWorkload(platform.Platform.Machine, platform.Options.DriverOptions, found => outcome = found, CancellationToken.None)
            .Run(platform.Platform.Devices, wait: false);
        if (error is null)
        {
            Assert.Null(outcome!.Error);
        }
        else
        {
            Assert.Contains(error, outcome!.Error, StringComparison.Ordinal);
        }
    }

    private byte[] NextRandom()
    {
        var bytes = new byte[8];
        Array.Fill(bytes, _random++);
        return bytes;
    }

    /// <summary>The same bytes at the beginning and at the end, zeros between.</summary>
    private static int Fill(FakeWritable room, byte[] bytes)
    {
        room.Write(0, bytes);
        room.Write(room.Length - bytes.Length, bytes);
        return room.Length;
    }

    private static int Gpio(byte[] request, FakeWritable room, bool stuck, ref byte level, ref byte direction)
    {
        var (code, value) = (request[0], BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4)));
        var refused = value > (code == 5 ? 1u : 2u);
        if (!refused && code == 5 && !stuck)
        {
            level = (byte)value;
        }

        direction = !refused && code == 3 ? (byte)value : direction;
        byte[] answer = code == 1 ? Encoding.ASCII.GetBytes("\0line\0") : [(byte)(refused ? 1 : 0), code == 2 ? direction : code == 4 ? level : (byte)0];
        room.Write(0, answer);
        return answer.Length;
    }

    /// <summary>A base protocol without any other beside it.</summary>
    private static int Scmi(byte[] request, FakeWritable room, uint change)
    {
        var header = BinaryPrimitives.ReadUInt32LittleEndian(request);
        byte[] values = (header & 0xff) switch
        {
            0 => [0, 0, 2, 0],
            3 or 4 => new byte[16],
            _ => [0, 0, 0, 0],
        };
        byte[] answer = [.. BitConverter.GetBytes(header + change), 0, 0, 0, 0, .. values];
        room.Write(0, answer);
        return answer.Length;
    }
}
