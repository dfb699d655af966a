using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>What a message is about, for the operator: "SET_VRING_NUM queue 2 = 1024".</summary>
/// <param name="Request">The request.</param>
/// <param name="Value">Its queue and value as text; empty when it has none.</param>
internal readonly record struct MessageSubject(FrontEndRequest Request, string Value = "")
{
    /// <summary>Stands for the time between requests.</summary>
    internal static readonly MessageSubject Idle = new(FrontEndRequest.None);

    public override string ToString()
    {
        string name = Request == FrontEndRequest.None ? "between requests" : SpecName.Of(Request);
        return Value.Length == 0 ? name : $"{name} {Value}";
    }
}
