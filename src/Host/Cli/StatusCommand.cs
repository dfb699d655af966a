using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Observe.Control;

namespace XenDmHost.Host.Cli;

/// <summary><c>status GUEST</c>: the devices of a running guest, and what of their traffic went through the host.</summary>
internal static class StatusCommand
{
    private static readonly string[] Columns = ["id", "name", "running", "kicks", "calls", "interrupts"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static Command Create(CommonOptions common)
    {
        Argument<string> guest = new("GUEST") { Description = "The guest as its guest file names it" };
        Option<bool> json = new("--json") { Description = "Print an object, with the guest's accesses too" };
        Command command = new("status", "Show the devices of a guest of a running host: what went through the host, as opposed to the kernel") { guest, json };
        command.SetAction(line => Run(line, common, line.GetValue(guest)!, line.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult line, CommonOptions common, string guest, bool json)
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) = common.Read(line, quiet: true);
        if (settings is null)
        {
            return HostCommand.Report(errors);
        }

        (JsonObject? answer, string error) = ControlClient.Ask(
            ControlSocketPath.Of(settings.RuntimeFolder, guest), new JsonObject { ["command"] = GuestStatus.Command });
        if (answer is null)
        {
            Console.Error.WriteLine(error);
            return ExitCode.Failed;
        }

        answer.Remove("ok");
        Console.Out.Write(json ? answer.ToJsonString(Indented) + "\n" : ToText(answer[GuestStatus.DevicesKey]!.AsArray()));
        return ExitCode.Ok;
    }

    private static string ToText(JsonArray devices)
    {
        List<string[]> lines = [[.. Columns.Select(column => column.ToUpperInvariant())], .. devices.Select(Cells)];
        int[] widths = [.. Columns.Select((_, column) => lines.Max(line => line[column].Length))];
        return string.Concat(lines.Select(line =>
            string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    private static string[] Cells(JsonNode? device) => [.. Columns.Select(column => device![column]!.ToString())];
}
