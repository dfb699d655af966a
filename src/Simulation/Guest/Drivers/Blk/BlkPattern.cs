namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>What belongs where on the disk: every sector's content follows from the seed, the run and its number alone.</summary>
internal sealed class BlkPattern(int seed, int run)
{
    internal void Fill(Span<byte> data, ulong sector)
    {
        for (var done = 0; done < data.Length; done += BlkGeometry.SectorSize)
        {
            var random = new Random(HashOf(sector++));
            random.NextBytes(data.Slice(done, BlkGeometry.SectorSize));
        }
    }

    // Not HashCode: its result differs from process to process.
    private int HashOf(ulong sector) => unchecked((seed * 1_000_003) ^ (run * 8191) ^ ((int)sector * 31));
}
