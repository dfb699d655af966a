using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Scsi;

/// <summary>
/// virtio-scsi (virtio 1.3, 5.6): asks the first target what it is and how large, writes to its disk, reads back and compares;
/// a block behind the end and a target that is not there must be refused, each in its own way.
/// </summary>
internal sealed class ScsiDriver : IGuestDriver
{
    private const int SenseSizeOffset = 20;
    private const int CommandSizeOffset = 24;
    private const int MaxTargetOffset = 30;
    private const int RequestQueue = 2;
    private const uint FirstBlock = 64;
    private const ushort BlocksPerCommand = 32;
    private const int Commands = 8;

    public string Name => "scsi";

    public ulong Features => 0;

    public JsonObject Drive(DriverContext context)
    {
        CheckConfig(context);
        context.Device.SetUpQueues(RequestQueue + 1);
        context.Device.SetDriverOk();
        var unit = new ScsiCommands(context.Memory, context.Device.Queues[RequestQueue]);
        var inquiry = unit.Inquiry(target: 0).Expect(36);
        if ((inquiry[0] & 0x1f) != 0)
        {
            throw new DriverFailure($"the first logical unit is of type {inquiry[0] & 0x1f}, not a disk");
        }

        unit.TestUnitReady().Expect();
        var capacity = unit.ReadCapacity().Expect(8);
        var last = BinaryPrimitives.ReadUInt32BigEndian(capacity);
        var blockSize = BinaryPrimitives.ReadInt32BigEndian(capacity.AsSpan(4));
        var facts = new JsonObject
        {
            ["vendor"] = Encoding.ASCII.GetString(inquiry, 8, 8).TrimEnd(),
            ["product"] = Encoding.ASCII.GetString(inquiry, 16, 16).TrimEnd(),
            ["blocks"] = (long)last + 1,
            ["blockSize"] = blockSize,
        };
        MoveData(unit, context.NewRandom(0), last, blockSize, facts);
        CheckRefusals(unit, last, blockSize, context.Device.Config.ReadU16(MaxTargetOffset));
        return facts;
    }

    public string Summarize(JsonObject facts) =>
        $"found \"{facts["vendor"]} {facts["product"]}\" of {facts["blocks"]} blocks, wrote, read back and compared {facts["bytesWritten"]} bytes, "
        + "two impossible commands refused";

    /// <summary>The driver keeps to what every device begins with, and would have to be told otherwise.</summary>
    private static void CheckConfig(DriverContext context)
    {
        var (sense, command) = (context.Device.Config.ReadU32(SenseSizeOffset), context.Device.Config.ReadU32(CommandSizeOffset));
        if (sense != ScsiRequest.SenseBytes || command != ScsiRequest.CommandBytes)
        {
            throw new DriverFailure($"the configuration begins with {sense} bytes of sense data and {command} of command instead of 96 and 32");
        }
    }

    private static void MoveData(ScsiCommands unit, Random random, uint last, int blockSize, JsonObject facts)
    {
        const uint Blocks = BlocksPerCommand * Commands;
        if (blockSize is < 512 or > 4096 || last < FirstBlock + Blocks)
        {
            throw new DriverFailure($"{last + 1L} blocks of {blockSize} bytes are too few, or of an odd size");
        }

        var data = new byte[Blocks * blockSize];
        random.NextBytes(data);
        var piece = BlocksPerCommand * blockSize;
        for (var i = 0; i < Commands; i++)
        {
            unit.Write(FirstBlock + (uint)(i * BlocksPerCommand), BlocksPerCommand, data.AsSpan(i * piece, piece)).Expect();
        }

        for (var i = 0; i < Commands; i++)
        {
            var read = unit.Read(FirstBlock + (uint)(i * BlocksPerCommand), BlocksPerCommand, blockSize).Expect(piece);
            var same = read.AsSpan().CommonPrefixLength(data.AsSpan(i * piece, piece));
            if (same != piece)
            {
                throw new DriverFailure($"byte {same} read back from block {FirstBlock + (i * BlocksPerCommand)} on differs from what was written there");
            }
        }

        facts["writtenOffset"] = FirstBlock * blockSize;
        facts["bytesWritten"] = data.Length;
        facts["writtenSha256"] = Convert.ToHexStringLower(SHA256.HashData(data));
    }

    private static void CheckRefusals(ScsiCommands unit, uint last, int blockSize, ushort maxTarget)
    {
        var behind = unit.Read(last, blocks: 2, blockSize);
        if (behind.Refusal != ScsiReply.IllegalRequest)
        {
            throw new DriverFailure($"{behind.What}, which reaches behind the end, ended with response {behind.Response}, status {behind.Status}");
        }

        var nobody = unit.Inquiry((byte)Math.Min(maxTarget, byte.MaxValue));
        if (nobody.Response != ScsiReply.BadTarget)
        {
            throw new DriverFailure($"{nobody.What}, which is not there, ended with response {nobody.Response} instead of BAD_TARGET");
        }
    }
}
