using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;

namespace XenDmHost.UnitTests.Guests;

/// <summary>An interrupt whose event channel comes and goes.</summary>
public sealed class SwitchedInterruptTests
{
    [Fact]
    public void An_edge_without_a_line_waits_for_the_next_line_once()
    {
        using SwitchedInterrupt interrupt = new();
        interrupt.Raise();
        interrupt.Raise();
        Line first = new(), second = new();
        interrupt.Switch(first);
        Assert.Equal(1, first.Edges);
        interrupt.Switch(second);
        Assert.Equal((true, 0), (first.Disposed, second.Edges));
        interrupt.Raise();
        Assert.Equal((1, 1), (first.Edges, second.Edges));
    }

    private sealed class Line : IInterruptLine
    {
        internal int Edges { get; private set; }

        internal bool Disposed { get; private set; }

        public void Raise() => Edges++;

        public void Dispose() => Disposed = true;
    }
}
