using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.I2c;

/// <summary>
/// virtio-i2c (virtio 1.3, 5.20): looks who is on the bus, and, if that is a memory at the usual address, writes to it, reads
/// back and compares.
/// </summary>
internal sealed class I2cDriver : IGuestDriver
{
    private const ulong ZeroLengthRequest = 1UL << 0;
    private const int FirstAddress = 0x08;
    private const int LastAddress = 0x77;
    private const int MemoryAddress = 0x50;
    private const int Bytes = 16;
    private const byte Place = 0x20;

    public string Name => "i2c";

    public ulong Features => ZeroLengthRequest;

    public JsonObject Drive(DriverContext context)
    {
        if (!context.Device.Has(ZeroLengthRequest))
        {
            throw new DriverFailure("the device does not offer VIRTIO_I2C_F_ZERO_LENGTH_REQUEST");
        }

        context.Device.SetUpQueues(1);
        context.Device.SetDriverOk();
        List<int> found = [.. Enumerable.Range(FirstAddress, LastAddress - FirstAddress + 1).Where(address => IsThere(context, address))];
        var facts = new JsonObject { ["addresses"] = new JsonArray([.. found.Select(address => JsonValue.Create($"0x{address:x2}"))]) };
        if (found.Contains(MemoryAddress))
        {
            MoveBytes(context);
            facts["bytesVerified"] = Bytes;
        }

        CheckGroup(context, found);
        return facts;
    }

    public string Summarize(JsonObject facts) =>
        $"found {facts["addresses"]!.AsArray().Count} address(es) on the bus, wrote, read back and compared {facts["bytesVerified"] ?? 0} bytes";

    private static bool IsThere(DriverContext context, int address)
    {
        using var message = I2cMessage.Write(context.Memory, address, []);
        context.Device.Queues[0].Submit(message.Queued, DriverContext.RequestLimit);
        return message.Wait();
    }

    private static void MoveBytes(DriverContext context)
    {
        var data = new byte[Bytes];
        context.NewRandom(0).NextBytes(data);
        var read = Group(context, MemoryAddress, [Place, .. data], out var acknowledged);
        if (!acknowledged)
        {
            throw new DriverFailure("the memory on the bus did not acknowledge");
        }

        // The place has moved on by what was written.
        read = Group(context, MemoryAddress, [Place], out acknowledged);
        if (!acknowledged || !read.AsSpan().SequenceEqual(data))
        {
            throw new DriverFailure($"the memory on the bus gave {Convert.ToHexStringLower(read)} instead of {Convert.ToHexStringLower(data)}");
        }
    }

    /// <summary>A group to an address where nobody is: both messages must fail.</summary>
    private static void CheckGroup(DriverContext context, List<int> found)
    {
        var absent = Enumerable.Range(FirstAddress, LastAddress - FirstAddress + 1).First(address => !found.Contains(address));
        Group(context, absent, [0], out var acknowledged);
        if (acknowledged)
        {
            throw new DriverFailure($"a read from address 0x{absent:x2}, where nobody is, was acknowledged");
        }
    }

    private static byte[] Group(DriverContext context, int address, ReadOnlySpan<byte> write, out bool acknowledged)
    {
        var queue = context.Device.Queues[0];
        using var first = I2cMessage.Write(context.Memory, address, write, failNext: true);
        using var second = I2cMessage.Read(context.Memory, address, Bytes);
        queue.Add(first.Queued, DriverContext.RequestLimit);
        queue.Add(second.Queued, DriverContext.RequestLimit);
        queue.Kick();
        acknowledged = first.Wait() & second.Wait();
        return second.Data.ToArray();
    }
}
