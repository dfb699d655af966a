using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Workloads;

namespace XenDmHost.UnitTests.Simulation.Guest;

public sealed class RandomRequestsTests
{
    private static readonly GuestDevice[] Devices = [new(0, 0x2000000, 33)];

    [Fact]
    public void The_same_seed_invents_the_same_requests()
    {
        Assert.Equal(Invent(7), Invent(7));
        Assert.NotEqual(Invent(7), Invent(8));
    }

    private static List<(RandomKind, object)> Invent(int seed)
    {
        var requests = new RandomRequests(Devices, seed);
        return [.. Enumerable.Range(0, 500).Select(_ =>
        {
            var kind = requests.NextKind();
            return (kind, (object)requests.Next(kind));
        })];
    }
}
