using System.Text.Json.Nodes;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>What the guest saw of one device, and what was found outside the guest afterwards.</summary>
internal sealed class DemoResult(PlannedDevice device)
{
    private readonly List<string> _findings = [];

    internal int Id => device.Entry.Id;

    /// <summary>The guest's report, or null when it gave none.</summary>
    internal JsonObject? Report { get; set; }

    /// <summary>How the device is served, where it is worth a word: by a stand-in.</summary>
    internal string? Mark { get; set; }

    /// <summary>Whether what was found outside the guest agrees with it.</summary>
    internal bool FindingsGood { get; private set; } = true;

    internal bool Good => FindingsGood && Report?["ok"]?.GetValue<bool>() == true;

    internal void AddFinding(bool good, string text)
    {
        FindingsGood &= good;
        _findings.Add(text);
    }

    /// <summary>One line for people.</summary>
    internal string ToText()
    {
        string name = $"device {Id} {device.Model.Identity.Name} (plugin {device.PluginLabel}, {Mark ?? "back-end of the guest file"})";
        string seen = Report?["summary"]?.GetValue<string>() ?? Report?["error"]?.GetValue<string>() ?? "the guest reported nothing";
        string found = _findings.Count == 0 ? "" : "; " + string.Join("; ", _findings);
        return $"{(Good ? "ok    " : "FAILED")} {name}: {seen}{found}";
    }

    /// <summary>One JSON object.</summary>
    internal JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["ok"] = Good,
        ["device"] = device.Model.Identity.Name,
        ["plugin"] = device.PluginLabel,
        ["backEnd"] = Mark,
        ["queueSizes"] = new JsonArray([.. device.QueueSizes.Select(size => (JsonNode)(int)size)]),
        ["guest"] = Report?.DeepClone(),
        ["findings"] = new JsonArray([.. _findings.Select(text => (JsonNode)text)]),
    };
}
