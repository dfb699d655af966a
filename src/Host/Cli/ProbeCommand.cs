using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>probe SOCKET</c>: what a back-end offers.</summary>
internal static class ProbeCommand
{
    private const int BytesPerLine = 32;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static Command Create(CommonOptions common)
    {
        Argument<string> socket = new("SOCKET") { Description = "The socket of a back-end daemon that nobody uses; some daemons end when they are left" };
        Option<bool> json = new("--json") { Description = "A JSON object instead of a table" };
        Command command = new("probe", "What a back-end daemon offers: features, queues, memory slots, configuration space") { socket, json };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Probe(line.GetValue(socket)!, line.GetValue(json), services.GetRequiredService<DeviceLimits>())));
        return command;
    }

    private static int Probe(string socket, bool json, DeviceLimits limits)
    {
        (BackEndReport? report, string problem) = BackEndProbe.Ask(Path.GetFullPath(socket), limits.ReplyMs);
        if (report is null)
        {
            Console.Error.WriteLine(problem);
            return ExitCode.Failed;
        }

        Console.WriteLine(json ? ToJson(report) : string.Join('\n', Rows(report).Select(row => $"{row.Name,-18} {row.Value}".TrimEnd())));
        return ExitCode.Ok;
    }

    private static IEnumerable<(string Name, string Value)> Rows(BackEndReport report)
    {
        yield return ("features", $"0x{report.Features:x} {string.Join(' ', report.FeatureNames)}");
        yield return ("protocol features", $"0x{report.ProtocolFeatures:x} {string.Join(' ', report.ProtocolFeatureNames)}");
        yield return ("used by the host", report.Used.Count == 0 ? "none" : string.Join(' ', report.Used));
        foreach ((string name, string reason) in report.NotUsed)
        {
            yield return ("not used", $"{name}: {reason}");
        }

        yield return ("queues", Number(report.Queues));
        yield return ("memory slots", Number(report.MemorySlots));
        yield return ("config", report.Config is null ? "not served" : $"{report.Config.Length} bytes");
        foreach (byte[] part in (report.Config ?? []).Chunk(BytesPerLine))
        {
            yield return ("", Convert.ToHexStringLower(part));
        }

        yield return ("guests on Xen", report.ServesXen ? "yes" : "no: XEN_MMAP is not offered; simulated guests only");
    }

    private static string ToJson(BackEndReport report) => new JsonObject
    {
        ["features"] = $"0x{report.Features:x}",
        ["featureNames"] = Array(report.FeatureNames),
        ["protocolFeatures"] = $"0x{report.ProtocolFeatures:x}",
        ["protocolFeatureNames"] = Array(report.ProtocolFeatureNames),
        ["used"] = Array(report.Used),
        ["notUsed"] = new JsonObject(report.NotUsed.Select(feature => KeyValuePair.Create(feature.Key, (JsonNode?)feature.Value))),
        ["queues"] = report.Queues,
        ["memorySlots"] = report.MemorySlots,
        ["configSize"] = report.Config?.Length,
        ["config"] = report.Config is null ? null : Convert.ToHexStringLower(report.Config),
        ["servesXen"] = report.ServesXen,
    }.ToJsonString(Indented);

    private static JsonArray Array(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "the back-end does not say";
}
