using System.CommandLine;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>
/// `xendmhost-sim prepare` and `verify`: the parts of the host's demo that know device types. Both write one JSON object
/// a line to standard output.
/// </summary>
internal static class DemoCommands
{
    internal static Command CreatePrepare()
    {
        Option<string> folder = Folder();
        Command command = new("prepare", "Make the demo's guest file and what belongs to it") { folder };
        command.SetAction(parsed => Prepare(parsed.GetValue(folder)!));
        return command;
    }

    internal static Command CreateVerify()
    {
        Option<string> folder = Folder();
        Command command = new("verify", "Compare what the demo's guest reported with what its back-ends left behind") { folder };
        command.SetAction(parsed => Verify(parsed.GetValue(folder)!));
        return command;
    }

    private static Option<string> Folder() => new("--directory") { Description = "the demo's folder", Required = true };

    private static int Prepare(string folder)
    {
        foreach (DemoDevice device in DemoGuest.Prepare(folder))
        {
            Console.WriteLine(new JsonObject { ["id"] = device.Id, ["backEnd"] = device.BackEnd }.ToJsonString());
        }

        return 0;
    }

    private static int Verify(string folder)
    {
        foreach (DemoFinding finding in DemoFindings.Of(folder))
        {
            Console.WriteLine(new JsonObject { ["id"] = finding.Id, ["ok"] = finding.Good, ["text"] = finding.Text }.ToJsonString());
        }

        return 0;
    }
}
