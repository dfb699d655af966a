using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>
/// virtio-blk (virtio 1.2, 5.2): identifies the disk, writes a pattern from every vCPU through every queue, flushes, reads
/// it back and compares, and makes the errors and the cache switch that the device promises.
/// </summary>
internal sealed class BlkDriver : IGuestDriver
{
    private const int MostSectors = 8192;
    private const int IdBytes = 20;
    private const int WritebackOffset = 32;

    public string Name => "blk";

    public ulong Features => BlkFeature.All;

    public JsonObject Drive(DriverContext context)
    {
        var device = context.Device;
        var geometry = BlkGeometry.Read(device);
        device.SetUpQueues(geometry.Queues);
        device.SetDriverOk();
        BlkWorker[] workers = [.. device.Queues.Select(queue => new BlkWorker(context.Memory, queue, geometry))];
        var facts = new JsonObject
        {
            ["capacity"] = geometry.Capacity,
            ["blockSize"] = geometry.BlockSize,
            ["serial"] = Encoding.ASCII.GetString(workers[0].Do(BlkRequestType.GetId, 0, IdBytes, BlkStatus.Ok)).TrimEnd('\0'),
            ["readOnly"] = device.Has(BlkFeature.ReadOnly),
        };
        MovePattern(context, geometry, workers, facts);
        workers[0].Do(BlkRequestType.In, geometry.Capacity, BlkGeometry.SectorSize, BlkStatus.IoError);
        facts["readPastTheEnd"] = nameof(BlkStatus.IoError);
        SwitchWriteCache(device, facts);
        return facts;
    }

    public string Summarize(JsonObject facts)
    {
        string moved = facts["bytesWritten"] is { } bytes ? $"wrote, read back and compared {bytes} bytes" : "read a read-only disk";
        string flushed = facts["flushed"] is null ? "" : ", flushed";
        return $"{moved} in {facts["requests"]} requests{flushed}, id \"{facts["serial"]}\", a read past the end refused";
    }

    private static void MovePattern(DriverContext context, BlkGeometry geometry, BlkWorker[] workers, JsonObject facts)
    {
        var unit = (int)geometry.BlockSize / BlkGeometry.SectorSize;
        var sectors = (int)Math.Min(geometry.Capacity, MostSectors) / unit * unit;
        var span = new BlkSpan(0, sectors);
        if (sectors == 0)
        {
            throw new DriverFailure($"a disk of {geometry.Capacity} sectors has no room for a block of {geometry.BlockSize} bytes");
        }

        if (context.Device.Has(BlkFeature.ReadOnly))
        {
            workers[0].Do(BlkRequestType.In, 0, (int)geometry.BlockSize, BlkStatus.Ok);
            return;
        }

        var pattern = new BlkPattern(context.Options.Seed, context.Run);
        var pieces = span.Cut(context.NewRandom(0), unit, workers[0].MostBytes / (int)geometry.BlockSize);
        OnEveryVcpu(context, workers, pieces, (worker, share) => worker.Write(share, pattern));
        if (context.Device.Has(BlkFeature.Flush))
        {
            workers[0].Do(BlkRequestType.Flush, 0, 0, BlkStatus.Ok);
            facts["flushed"] = true;
        }

        OnEveryVcpu(context, workers, pieces, (worker, share) => worker.Verify(share, pattern));
        AddWritten(facts, span, pattern);
    }

    /// <summary>Deals the pieces out: every vCPU takes part, and every queue is used even when there are more of them.</summary>
    private static void OnEveryVcpu(
        DriverContext context, BlkWorker[] workers, List<BlkSpan> pieces, Action<BlkWorker, IEnumerable<BlkSpan>> move)
    {
        var count = Math.Max(context.Machine.Vcpus.Count, workers.Length);
        GuestThread.RunAll(context.Machine, "blk", count, i =>
            move(workers[i % workers.Length], pieces.Where((_, number) => number % count == i)));
    }

    private static void AddWritten(JsonObject facts, BlkSpan span, BlkPattern pattern)
    {
        var all = new byte[span.Bytes];
        pattern.Fill(all, span.FirstSector);
        facts["writtenOffset"] = span.FirstSector * BlkGeometry.SectorSize;
        facts["bytesWritten"] = all.Length;
        facts["bytesVerified"] = all.Length;
        facts["writtenSha256"] = Convert.ToHexStringLower(SHA256.HashData(all));
    }

    /// <summary>Turns the write cache off and on again: a driver may write this one field.</summary>
    private static void SwitchWriteCache(VirtioMmioDevice device, JsonObject facts)
    {
        if (!device.Has(BlkFeature.ConfigWriteCache))
        {
            return;
        }

        var original = device.Config.ReadU8(WritebackOffset);
        foreach (var wanted in new[] { (byte)(original ^ 1), original })
        {
            device.Config.WriteU8(WritebackOffset, wanted);
            var seen = device.Config.ReadU8(WritebackOffset);
            if (seen != wanted)
            {
                throw new DriverFailure($"writeback reads {seen} after {wanted} was written, although CONFIG_WCE was negotiated");
            }
        }

        facts["writeCacheSwitched"] = true;
    }
}
