using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Devices.Block;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Scsi;

/// <summary>A logical unit: a direct-access block device (SBC-3) with blocks of 512 bytes on a file.</summary>
internal sealed class ScsiDisk(BlockImage image)
{
    private const byte InvalidCommand = 0x20, OutOfRange = 0x21, InvalidField = 0x24, WriteProtected = 0x27;
    private const byte MediumError = 3, DataProtect = 7;

    /// <summary>Carries out one command.</summary>
    /// <param name="cdb">32 bytes of command.</param>
    /// <param name="chain">The request's buffers.</param>
    /// <param name="readAt">Where data for the device begin among those that it reads.</param>
    /// <param name="writeAt">Where data for the guest begin among those that it writes.</param>
    internal ScsiResult Execute(ReadOnlySpan<byte> cdb, Chain chain, int readAt, int writeAt)
    {
        try
        {
            return (ScsiCommand)cdb[0] switch
            {
                ScsiCommand.TestUnitReady => ScsiResult.Done,
                ScsiCommand.Inquiry => Inquiry(cdb),
                ScsiCommand.ReadCapacity10 => ScsiResult.With(Capacity(), 8),
                ScsiCommand.Read10 => Read(cdb, chain, writeAt),
                ScsiCommand.Write10 => Write(cdb, chain, readAt),
                ScsiCommand.SynchronizeCache10 => Synchronize(),
                ScsiCommand.ReportLuns => ScsiResult.With([0, 0, 0, 8, 0, 0, 0, 0, .. new byte[8]], BinaryPrimitives.ReadInt32BigEndian(cdb[6..]) & int.MaxValue),
                _ => ScsiResult.Illegal(InvalidCommand),
            };
        }
        catch (IOException)
        {
            return ScsiResult.Check(MediumError, 0);
        }
    }

    /// <summary>Standard INQUIRY data, and of the vital pages only the list that says that there is no other.</summary>
    private static ScsiResult Inquiry(ReadOnlySpan<byte> cdb)
    {
        const int StandardSize = 36;
        int asked = BinaryPrimitives.ReadUInt16BigEndian(cdb[3..]);
        bool vital = (cdb[1] & 1) != 0;
        if (cdb[2] != 0) return ScsiResult.Illegal(InvalidField);
        if (vital) return ScsiResult.With([0, 0, 0, 1, 0], asked);
        byte[] standard = new byte[StandardSize];
        (standard[2], standard[3], standard[4], standard[7]) = (6, 0x12, StandardSize - 5, 2);
        "xendmhst"u8.CopyTo(standard.AsSpan(8));
        "stand-in disk   "u8.CopyTo(standard.AsSpan(16));
        "1   "u8.CopyTo(standard.AsSpan(32));
        return ScsiResult.With(standard, asked);
    }

    /// <summary>The last block's number, or all ones where that does not fit, and the size of a block.</summary>
    private byte[] Capacity()
    {
        byte[] capacity = new byte[8];
        ulong last = image.Sectors == 0 ? 0 : image.Sectors - 1;
        BinaryPrimitives.WriteUInt32BigEndian(capacity, (uint)Math.Min(last, uint.MaxValue));
        BinaryPrimitives.WriteInt32BigEndian(capacity.AsSpan(4), BlockImage.SectorSize);
        return capacity;
    }

    private ScsiResult Read(ReadOnlySpan<byte> cdb, Chain chain, int writeAt)
    {
        (ulong block, long bytes) = Extent(cdb);
        if (!image.Contains(block, bytes)) return ScsiResult.Illegal(OutOfRange);
        if (chain.Writable.Length - writeAt < bytes) return ScsiResult.Illegal(InvalidField);
        return image.Read(block, chain.Writable, bytes, writeAt) ? ScsiResult.HasMoved((uint)bytes) : ScsiResult.Check(MediumError, 0x11);
    }

    private ScsiResult Write(ReadOnlySpan<byte> cdb, Chain chain, int readAt)
    {
        (ulong block, long bytes) = Extent(cdb);
        if (image.IsReadOnly) return ScsiResult.Check(DataProtect, WriteProtected);
        if (!image.Contains(block, bytes)) return ScsiResult.Illegal(OutOfRange);
        if (chain.Readable.Length - readAt < bytes) return ScsiResult.Illegal(InvalidField);
        return image.Write(block, chain.Readable, readAt, bytes) ? ScsiResult.Done : ScsiResult.Check(MediumError, 0x0c);
    }

    private ScsiResult Synchronize()
    {
        if (!image.IsReadOnly) image.Flush();
        return ScsiResult.Done;
    }

    private static (ulong Block, long Bytes) Extent(ReadOnlySpan<byte> cdb) =>
        (BinaryPrimitives.ReadUInt32BigEndian(cdb[2..]), (long)BinaryPrimitives.ReadUInt16BigEndian(cdb[7..]) * BlockImage.SectorSize);
}
