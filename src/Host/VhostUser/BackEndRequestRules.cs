using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>What the host makes of a request of a back-end, by its header alone.</summary>
internal static class BackEndRequestRules
{
    /// <summary>The payload in bytes that the specification gives the request; -1 for a request that it does not know.</summary>
    internal static int PayloadOf(BackEndRequest request) => request switch
    {
        BackEndRequest.ConfigChangeMsg => 0,
        BackEndRequest.VringCall or BackEndRequest.VringErr => VringState.Size,
        BackEndRequest.SharedObjectAdd or BackEndRequest.SharedObjectRemove or BackEndRequest.SharedObjectLookup => 16,
        BackEndRequest.VringHostNotifierMsg => 24,
        BackEndRequest.IotlbMsg => 32,
        BackEndRequest.ShmemMap or BackEndRequest.ShmemUnmap => 40,
        _ => -1,
    };

    /// <summary>Why the channel cannot go on behind this header, or null. What follows a wrong header cannot be told apart.</summary>
    internal static string? Violation(ReadOnlySpan<byte> wire, out MessageHeader header)
    {
        WireError error = MessageHeader.TryReadRequest(wire, out header);
        int payload = PayloadOf((BackEndRequest)header.Request);
        string name = SpecName.Of((BackEndRequest)header.Request);
        return error switch
        {
            WireError.Truncated => "a header that is too short",
            WireError.Version => $"{name} has version {header.Flags & 0x3} of the protocol instead of 1",
            WireError.Flags => $"{name} has flags 0x{header.Flags:x}, which no request has",
            WireError.Oversized => $"{name} claims {header.PayloadSize} bytes of payload",
            _ when payload >= 0 && header.PayloadSize != payload => $"{name} has {header.PayloadSize} bytes of payload where {payload} are defined",
            _ => null,
        };
    }
}
