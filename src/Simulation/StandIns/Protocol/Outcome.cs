using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>How a request ends, and the one line that says why when it was refused.</summary>
internal readonly record struct Outcome(OutcomeKind Kind, string Reason, byte[] Reply)
{
    internal static Outcome Done { get; } = new(OutcomeKind.Done, "", []);

    internal static Outcome Silence { get; } = new(OutcomeKind.Silence, "", []);

    /// <summary>Goes out with the answer, and is closed then.</summary>
    internal FileDescriptor? Descriptor { get; init; }

    internal bool EndsSession => Kind is OutcomeKind.Nack or OutcomeKind.Cut or OutcomeKind.DoneThenCut;

    internal static Outcome Answer(byte[] reply) => new(OutcomeKind.Answered, "", reply);

    internal static Outcome Answer(ulong value) => Answer(BitConverter.GetBytes(value));

    internal static Outcome Nack(string reason) => new(OutcomeKind.Nack, reason, []);

    internal static Outcome Cut(string reason) => new(OutcomeKind.Cut, reason, []);

    internal static Outcome DoneThenCut(string reason) => new(OutcomeKind.DoneThenCut, reason, []);

    /// <summary>Done when there is no reason against it.</summary>
    internal static Outcome NackIf(string? reason) => reason is null ? Done : Nack(reason);
}
