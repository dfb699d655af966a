namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>A contiguous part of the disk, in sectors of 512 bytes.</summary>
internal readonly record struct BlkSpan(ulong FirstSector, int Sectors)
{
    internal int Bytes => Sectors * BlkGeometry.SectorSize;

    /// <summary>Cuts into pieces of random length, each a multiple of <paramref name="unit"/> sectors.</summary>
    internal List<BlkSpan> Cut(Random random, int unit, int mostUnits)
    {
        List<BlkSpan> pieces = [];
        for (var done = 0; done < Sectors;)
        {
            var sectors = Math.Min(unit * random.Next(1, mostUnits + 1), Sectors - done);
            pieces.Add(new BlkSpan(FirstSector + (ulong)done, sectors));
            done += sectors;
        }

        return pieces;
    }
}
