using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Guests;

/// <summary>Reads of DeviceID that wait for the back-end: each is answered once, by whoever comes first.</summary>
public sealed class HeldProbesTests
{
    private const int Long = 60_000;

    private readonly Answers _answers = new();

    [Fact]
    public void Without_a_limit_nothing_is_held()
    {
        HeldProbes probes = new(_answers, limitMs: 0);

        Assert.False(probes.TryHold(0));
    }

    [Fact]
    public void The_back_end_that_comes_answers_all_that_wait()
    {
        HeldProbes probes = new(_answers, Long);
        Assert.True(probes.TryHold(0));
        Assert.True(probes.TryHold(127));

        probes.Answer(25);
        probes.Answer(25);

        Assert.Equal([(0, 25UL), (127, 25UL)], _answers.Given);
    }

    [Fact]
    public void Before_the_time_is_over_the_watch_answers_nothing()
    {
        HeldProbes probes = new(_answers, Long);
        probes.TryHold(3);

        probes.AnswerOverdue(0);

        Assert.Empty(_answers.Given);
    }

    [Fact]
    public void When_the_time_is_over_the_watch_answers_and_no_probe_is_held_any_more()
    {
        HeldProbes probes = new(_answers, limitMs: 1);
        Assert.True(probes.TryHold(3));

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                probes.AnswerOverdue(0);
                return _answers.Given.Count > 0;
            },
            Long));

        Assert.Equal([(3, 0UL)], _answers.Given);
        Assert.False(probes.TryHold(4));
    }

    private sealed class Answers : IAnswer
    {
        internal List<(int Vcpu, ulong? Value)> Given { get; } = [];

        public void Complete(int vcpu, ulong? value) => Given.Add((vcpu, value));
    }
}
