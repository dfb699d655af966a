using System.Diagnostics;

namespace XenDmHost.Simulation.StandIns;

/// <summary>The number of requests after which the process ends, for back-ends that die in the middle of things.</summary>
internal sealed class RequestBudget(int? requests)
{
    private int? _left = requests;

    internal void Spend()
    {
        if (--_left == 0) Process.GetCurrentProcess().Kill();
    }
}
