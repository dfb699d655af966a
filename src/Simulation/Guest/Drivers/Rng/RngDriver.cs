using System.Security.Cryptography;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Rng;

/// <summary>
/// virtio-rng (virtio 1.2, 5.4): asks for random bytes in buffers of several sizes, several at once, and looks at what came:
/// some bytes for each, not all of them zero, none behind their number, and no two buffers alike.
/// </summary>
internal sealed class RngDriver : IGuestDriver
{
    /// <summary>Linux asks for 64 at a time; the others make a page, more than a page, and an odd number.</summary>
    private static readonly int[] Sizes = [64, 4096, 16, 64, 10_000, 333, 64, 128, 64, 512, 64, 2048];

    private const int MostInFlight = 4;

    public string Name => "rng";

    public ulong Features => 0;

    public string Summarize(JsonObject facts) =>
        $"read {facts["bytesReceived"]} random bytes in {facts["buffers"]} buffers, none all zero and no two alike";

    public JsonObject Drive(DriverContext context)
    {
        context.Device.SetUpQueues(1);
        context.Device.SetDriverOk();
        var queue = context.Device.Queues[0];
        List<byte[]> received = [];
        foreach (var sizes in Sizes.Chunk(Math.Min(MostInFlight, queue.Size)))
        {
            received.AddRange(Read(context.Memory, queue, sizes));
        }

        CheckThatNoTwoAreAlike(received);
        byte[] all = [.. received.SelectMany(bytes => bytes)];
        return new JsonObject
        {
            ["buffers"] = received.Count,
            ["bytesReceived"] = all.Length,
            ["receivedSha256"] = Convert.ToHexStringLower(SHA256.HashData(all)),
        };
    }

    private static IEnumerable<byte[]> Read(DeviceMemory memory, SplitVirtqueue queue, int[] sizes)
    {
        DmaBuffer[] buffers = [.. sizes.Select(memory.Allocate)];
        VirtqueueRequest[] requests = [.. buffers.Select(AskFor)];
        foreach (var request in requests)
        {
            queue.Add(request, DriverContext.RequestLimit);
        }

        queue.Kick();
        for (var i = 0; i < requests.Length; i++)
        {
            yield return Take(buffers[i], (int)requests[i].Wait(DriverContext.RequestLimit, $"a request for {sizes[i]} random bytes"));
        }

        Array.ForEach(buffers, buffer => buffer.Dispose());
    }

    private static VirtqueueRequest AskFor(DmaBuffer buffer)
    {
        buffer.Span.Clear();
        return new VirtqueueRequest(BufferSegment.ForDeviceToWrite(buffer.Address, buffer.Length));
    }

    private static byte[] Take(DmaBuffer buffer, int written)
    {
        var bytes = buffer.Slice(0, written).ToArray();
        if (!bytes.AsSpan().ContainsAnyExcept((byte)0))
        {
            throw new DriverFailure($"{written} random bytes came for a buffer of {buffer.Length}, and none that is not zero");
        }

        return buffer.Slice(written, buffer.Length - written).ContainsAnyExcept((byte)0)
            ? throw new DriverFailure($"the device wrote behind the {written} bytes that it says it wrote")
            : bytes;
    }

    /// <summary>Eight bytes that come twice are chance once in many millions of years.</summary>
    private static void CheckThatNoTwoAreAlike(List<byte[]> received)
    {
        var beginnings = received.Where(bytes => bytes.Length >= 8).Select(bytes => BitConverter.ToUInt64(bytes)).ToList();
        if (beginnings.Distinct().Count() != beginnings.Count)
        {
            throw new DriverFailure("two buffers begin with the same eight random bytes");
        }
    }
}
