using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Hypervisor;

public sealed class PopulatedRunsTests
{
    private const int Hole = -Errno.EINVAL;
    private readonly PopulatedRuns _runs = new();

    [Fact]
    public void Frames_that_follow_each_other_are_one_run()
    {
        Assert.True(_runs.Add(0x100, [0, 0, 0]));
        Assert.Equal([new RamRange(0x100000, 0x3000)], _runs.Runs);
    }

    [Fact]
    public void A_run_goes_on_in_the_next_batch()
    {
        _runs.Add(0x100, [0, 0]);
        _runs.Add(0x102, [0, Hole]);
        Assert.Equal([new RamRange(0x100000, 0x3000)], _runs.Runs);
    }

    [Fact]
    public void A_hole_parts_runs_and_belongs_to_none()
    {
        _runs.Add(0, [Hole, 0, Hole, Hole, 0, 0, Hole]);
        Assert.Equal([new RamRange(0x1000, 0x1000), new RamRange(0x4000, 0x2000)], _runs.Runs);
    }

    [Fact]
    public void A_hole_at_the_seam_of_two_batches_parts_them()
    {
        _runs.Add(0, [0, Hole]);
        _runs.Add(2, [0]);
        Assert.Equal([new RamRange(0, 0x1000), new RamRange(0x2000, 0x1000)], _runs.Runs);
    }

    [Fact]
    public void Batches_that_do_not_touch_are_two_runs()
    {
        _runs.Add(0, [0]);
        _runs.Add(0x100000, [0]);
        Assert.Equal([new RamRange(0, 0x1000), new RamRange(0x1_0000_0000, 0x1000)], _runs.Runs);
    }

    [Fact]
    public void Any_error_is_a_hole()
    {
        _runs.Add(0, [-Errno.ENOENT, -Errno.EPERM, -Errno.ENOMEM, 0]);
        Assert.Equal([new RamRange(0x3000, 0x1000)], _runs.Runs);
    }

    [Fact]
    public void A_domain_that_is_gone_is_told_apart_from_a_hole() => Assert.False(_runs.Add(0, [0, -Errno.ESRCH]));

    [Fact]
    public void Against_a_frame_by_frame_account()
    {
        Random random = new(20261127);
        for (int round = 0; round < 200; round++)
        {
            int[] errors = [.. Enumerable.Range(0, 300).Select(_ => random.Next(3) == 0 ? Hole : 0)];
            PopulatedRuns runs = new();
            for (int at = 0; at < errors.Length;)
            {
                int batch = Math.Min(random.Next(1, 70), errors.Length - at);
                runs.Add((ulong)at, errors.AsSpan(at, batch));
                at += batch;
            }

            bool[] found = new bool[errors.Length];
            foreach (RamRange run in runs.Runs)
            {
                for (ulong frame = run.Address / 4096; frame < (run.Address + run.Size) / 4096; frame++)
                {
                    Assert.False(found[frame]);
                    found[frame] = true;
                }
            }

            Assert.Equal(errors.Select(error => error == 0), found);
        }
    }
}
