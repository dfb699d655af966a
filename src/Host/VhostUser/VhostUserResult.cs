using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>The outcome of a message or a sequence of them; the default value is success.</summary>
/// <param name="Failure">The kind, None for success.</param>
/// <param name="Request">The request at which it failed.</param>
/// <param name="Subject">The request with its value: "SET_VRING_NUM queue 2 = 1024".</param>
/// <param name="Event">What happened: "refused by the back-end (answer 1)".</param>
/// <param name="Advice">The likely reason and what to do about it; empty when there is none to give.</param>
/// <param name="IsFirstMessage">
/// Nothing was ever answered on this connection: the daemon may be starting, ending, or busy with another client, and
/// the whole handshake is worth another try.
/// </param>
internal readonly record struct VhostUserResult(
    VhostUserFailure Failure, FrontEndRequest Request, string Subject, string Event, string Advice, bool IsFirstMessage)
{
    internal static VhostUserResult Ok => default;

    internal bool IsOk => Failure == VhostUserFailure.None;

    internal static VhostUserResult Failed(VhostUserFailure failure, MessageSubject subject, string @event, bool isFirstMessage = false) =>
        new(failure, subject.Request, subject.ToString(), @event, FailureAdvice.For(subject.Request, failure, isFirstMessage), isFirstMessage);

    /// <summary>Refused by the host itself, with its own words about what would be right.</summary>
    internal static VhostUserResult Refused(MessageSubject subject, string why, string advice = "") =>
        new(VhostUserFailure.Refused, subject.Request, subject.ToString(), why, advice, IsFirstMessage: false);

    /// <summary>Goes on with the next step of a sequence if this one succeeded.</summary>
    internal VhostUserResult Then(Func<VhostUserResult> next) => IsOk ? next() : this;

    /// <summary>One line for the operator.</summary>
    public override string ToString() =>
        IsOk ? "ok" : Advice.Length == 0 ? $"{Subject}: {Event}" : $"{Subject}: {Event}: {Advice}";
}
