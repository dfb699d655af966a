using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>How many requests of each kind one vCPU made; one thread writes it.</summary>
internal sealed class RandomStatistics
{
    private readonly long[] _made = new long[Enum.GetValues<RandomKind>().Length];

    internal void Count(RandomKind kind) => _made[(int)kind]++;

    internal static JsonObject Sum(IEnumerable<RandomStatistics> all)
    {
        var sum = new JsonObject();
        foreach (var kind in Enum.GetValues<RandomKind>())
        {
            sum[kind.ToString()] = all.Sum(one => one._made[(int)kind]);
        }

        return sum;
    }
}
