using System.Globalization;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>One way of misbehaving: at which request, and how many or which, where that matters.</summary>
internal sealed record Fault(FaultKind Kind, Request? Request = null, int Number = 1)
{
    /// <summary>Reads `name`, `name=REQUEST`, `name=REQUEST:number` or `name=number`.</summary>
    internal static bool TryParse(string text, out Fault fault, out string error)
    {
        string[] parts = text.Split('=', 2);
        fault = new Fault(FaultKind.RefuseNack);
        error = "";
        if (Find(parts[0]) is not { } kind)
        {
            error = $"'{parts[0]}' is no fault; there are {string.Join(", ", Enum.GetValues<FaultKind>().Select(Name))}";
            return false;
        }
        fault = new(kind);
        error = NeedsRequest(kind) ? ReadRequest(parts, ref fault) : ReadNumber(kind, parts, ref fault);
        return error.Length == 0;
    }

    internal static string Name(FaultKind kind) => Names.Of(kind);

    private static FaultKind? Find(string name) => Names.Find<FaultKind>(name);

    private static bool NeedsRequest(FaultKind kind) => kind <= FaultKind.UnexpectedFds;

    private static string ReadRequest(string[] parts, ref Fault fault)
    {
        string[] value = parts.Length == 2 ? parts[1].Split(':', 2) : [""];
        if (!Enum.TryParse(value[0], out Request request) || !Enum.IsDefined(request))
        {
            return $"'{Name(fault.Kind)}' needs a request, as in {Name(fault.Kind)}=SET_VRING_NUM";
        }
        fault = fault with { Request = request };
        return value.Length == 1 ? "" : ReadNumber(fault.Kind, value, ref fault);
    }

    private static string ReadNumber(FaultKind kind, string[] parts, ref Fault fault)
    {
        bool needed = kind is FaultKind.DropBit or FaultKind.ExitAfter or FaultKind.CrashOnChain;
        if (parts.Length == 1) return needed ? $"'{Name(kind)}' needs a number, as in {Name(kind)}=3" : "";
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return $"'{parts[1]}' is no number";
        }
        fault = fault with { Number = number };
        return "";
    }
}
