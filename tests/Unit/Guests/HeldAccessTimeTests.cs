using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.Guests;

/// <summary>How long accesses of several vCPUs wait for one back-end.</summary>
public sealed class HeldAccessTimeTests : IAnswer
{
    private const int HoldMs = 60_000;

    [Fact]
    public void The_time_of_an_access_runs_from_when_it_came_and_not_from_the_answer_before_it()
    {
        using GuestDevice device = new(
            0x2000000, new RegisterFileLayout { QueueSizes = [8], WritableFields = [], IsRam = (_, _) => true }, new RegisterMemory(1), new KernelLine(false), HoldMs,
            new HeldProbes(this, 0));
        Assert.Equal(long.MaxValue, device.HoldDeadline);
        device.CommandPosted(held: true);
        device.CommandPosted(held: true);
        long bothCame = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 > bothCame, HoldMs));

        device.HoldEnded();
        Assert.InRange(device.HoldDeadline, 1, bothCame + HoldMs);
        device.HoldEnded();
        Assert.Equal(long.MaxValue, device.HoldDeadline);
    }

    void IAnswer.Complete(int vcpu, ulong? value)
    {
        // Nobody waits here.
    }
}
