using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>How one run of one device went; a line of the report.</summary>
internal sealed record DeviceOutcome(GuestDevice Device, int Run)
{
    internal uint? DeviceId { get; init; }

    internal string? Driver { get; init; }

    internal JsonObject? Facts { get; init; }

    /// <summary>What was verified, in one line for people.</summary>
    internal string? Summary { get; init; }

    internal string? Error { get; init; }

    internal bool Ok => Error is null;

    internal JsonObject ToJson() => new()
    {
        ["id"] = Device.Id,
        ["run"] = Run,
        ["base"] = $"0x{Device.Base:x}",
        ["deviceId"] = DeviceId,
        ["driver"] = Driver,
        ["ok"] = Ok,
        ["facts"] = Facts?.DeepClone(),
        ["summary"] = Ok ? Summary : null,
        ["error"] = Error,
    };
}
