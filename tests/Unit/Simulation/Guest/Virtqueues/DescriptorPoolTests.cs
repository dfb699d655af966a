using CsCheck;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.UnitTests.Simulation.Guest.Virtqueues;

public sealed class DescriptorPoolTests
{
    [Fact]
    public void A_chain_that_does_not_fit_takes_nothing()
    {
        var pool = new DescriptorPool(4);

        Assert.False(pool.TryTake(new int[5]));
        Assert.Equal(4, pool.FreeCount);
    }

    /// <summary>However chains come and go, no descriptor is in two of them and none is lost.</summary>
    [Fact]
    public void Chains_never_share_a_descriptor() => Gen.Int[0, 6].Array[1, 200].Sample(steps =>
    {
        var pool = new DescriptorPool(16);
        Queue<int[]> taken = [];
        foreach (var step in steps)
        {
            var chain = new int[Math.Max(1, step)];
            if (step == 0 && taken.TryDequeue(out var oldest))
            {
                pool.Return(oldest[0]);
            }
            else if (step > 0 && pool.TryTake(chain))
            {
                taken.Enqueue(chain);
            }

            var all = taken.SelectMany(c => c).ToList();
            Assert.Equal(all.Count, all.Distinct().Count());
            Assert.Equal(16, all.Count + pool.FreeCount);
            Assert.All(all, descriptor => Assert.InRange(descriptor, 0, 15));
        }
    });
}
