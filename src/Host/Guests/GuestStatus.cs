using System.Text.Json.Nodes;

namespace XenDmHost.Host.Guests;

/// <summary>How a guest's devices do, as the command <c>status</c> asks for it.</summary>
/// <param name="guest">The guest.</param>
internal sealed class GuestStatus(GuestRunner guest)
{
    /// <summary>The name of the command and its keys.</summary>
    internal const string Command = "status";
    internal const string DevicesKey = "devices";
    internal const string AccessesKey = "accesses";

    /// <summary>Answers the command: an object for each device that is served now, and what the guest's accesses were.</summary>
    internal JsonObject Answer(JsonObject request)
    {
        Ioreq.IoreqCounters accesses = guest.Counters;
        return new JsonObject
        {
            ["ok"] = true,
            [DevicesKey] = new JsonArray([.. guest.DeviceCounts().Select(ToJson)]),
            [AccessesKey] = new JsonObject
            {
                ["reads"] = Volatile.Read(ref accesses.Reads),
                ["writes"] = Volatile.Read(ref accesses.Writes),
                ["held"] = Volatile.Read(ref accesses.Held),
                ["invalidates"] = Volatile.Read(ref accesses.Invalidates),
                ["others"] = Volatile.Read(ref accesses.Others),
                ["takenFromKernel"] = Volatile.Read(ref accesses.TakenFromKernel),
                ["faults"] = Volatile.Read(ref accesses.Faults),
            },
        };
    }

    private static JsonNode ToJson(DeviceCounts device) => new JsonObject
    {
        ["id"] = device.Id,
        ["name"] = device.Name,
        ["running"] = device.IsRunning,
        ["kicks"] = device.Kicks,
        ["calls"] = device.Calls,
        ["interrupts"] = device.Interrupts,
    };
}
