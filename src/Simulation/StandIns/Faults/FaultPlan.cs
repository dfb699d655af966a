using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>All the faults that a stand-in was started with.</summary>
internal sealed class FaultPlan(IReadOnlyList<Fault> faults)
{
    internal bool Has(FaultKind kind) => Find(kind) is not null;

    internal bool Has(FaultKind kind, Request request) => Find(kind, request) is not null;

    internal Fault? Find(FaultKind kind) => faults.FirstOrDefault(fault => fault.Kind == kind);

    internal Fault? Find(FaultKind kind, Request request) =>
        faults.FirstOrDefault(fault => fault.Kind == kind && fault.Request == request);

    /// <summary>Feature bits that are missing from the second connection on.</summary>
    internal ulong MissingBits(int connection) => connection == 0
        ? 0
        : faults.Where(fault => fault.Kind == FaultKind.DropBit).Aggregate(0UL, (bits, fault) => bits | (1UL << fault.Number));
}
