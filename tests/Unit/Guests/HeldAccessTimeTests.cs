using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.Guests;

/// <summary>How long accesses of several vCPUs wait for one back-end, by a clock that the test sets.</summary>
public sealed class HeldAccessTimeTests : IAnswer, IDisposable
{
    private const int HoldMs = 1000;

    private readonly GuestDevice _device;
    private long _now = 100;

    public HeldAccessTimeTests() => _device = new GuestDevice(
        0x2000000, new RegisterFileLayout { QueueSizes = [8], WritableFields = [], IsRam = (_, _) => true }, new RegisterMemory(1), new KernelLine(false), HoldMs,
        new HeldProbes(this, 0), () => _now);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void The_time_of_an_access_runs_from_when_it_came_and_not_from_the_answer_before_it()
    {
        Assert.Equal(long.MaxValue, _device.HoldDeadline);
        HoldAt(100);
        HoldAt(150);
        Assert.Equal(100 + HoldMs, _device.Deadline);

        AnswerAt(900);
        Assert.Equal(150 + HoldMs, _device.Deadline);
        HoldAt(950);
        AnswerAt(960);
        Assert.Equal(950 + HoldMs, _device.Deadline);
        AnswerAt(970);
        Assert.Equal(long.MaxValue, _device.Deadline);
    }

    [Fact]
    public void A_command_that_nobody_waits_for_has_no_time()
    {
        _device.CommandPosted(held: false);
        Assert.Equal(long.MaxValue, _device.Deadline);
    }

    [Fact]
    public void Each_of_as_many_as_there_are_vCPUs_has_its_own()
    {
        for (int round = 0; round < 3; round++)
        {
            long first = _now;
            for (int vcpu = 0; vcpu < 128; vcpu++)
            {
                HoldAt(first + vcpu);
            }

            for (int vcpu = 0; vcpu < 128; vcpu++)
            {
                Assert.Equal(first + vcpu + HoldMs, _device.Deadline);
                AnswerAt(first + 200);
            }
        }
    }

    [Fact]
    public void What_can_be_begun_again_gives_way_after_half_of_the_time()
    {
        HoldAt(100);
        _now = 599;
        Assert.False(_device.MustHurry);
        _now = 600;
        Assert.True(_device.MustHurry);
        AnswerAt(601);
        Assert.False(_device.MustHurry);
    }

    [Fact]
    public void A_device_that_is_to_end_waits_no_longer_than_for_an_access_and_begins_nothing_that_takes_long()
    {
        _now = 300;
        _device.EndSoon();
        Assert.Equal(300 + HoldMs, _device.Deadline);
        Assert.True(_device.MustHurry);
    }

    void IAnswer.Complete(int vcpu, ulong? value)
    {
        // Nobody waits here.
    }

    private void HoldAt(long time)
    {
        _now = time;
        _device.CommandPosted(held: true);
    }

    private void AnswerAt(long time)
    {
        _now = time;
        _device.HoldEnded();
    }
}
