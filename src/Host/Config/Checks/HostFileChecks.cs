using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>The checks of host.json.</summary>
internal static class HostFileChecks
{
    private const int MaxPluginFolders = 64;

    internal static void Check(JsonTreeNode root, ConfigErrorList errors)
    {
        if (!ValueChecks.Kind(root, JsonKind.Object, "an object", errors))
        {
            return;
        }

        var file = new ObjectReader(root, errors);
        JsonTreeNode? pluginFolders = file.Array("pluginFolders", 0, MaxPluginFolders, "folders");
        file.Text("runtimeFolder", expected: "a folder");
        JsonTreeNode? log = file.Object("log");
        JsonTreeNode? limits = file.Object("limits");
        file.End();

        foreach (JsonTreeNode folder in pluginFolders?.Items ?? [])
        {
            ValueChecks.Text(folder, "a folder", errors);
        }

        Log(log, errors);
        Limits(limits, errors);
    }

    private static void Log(JsonTreeNode? node, ConfigErrorList errors)
    {
        if (node is not null)
        {
            var log = new ObjectReader(node, errors);
            log.Word("level", "trace", "debug", "information", "warning", "error", "critical", "none");
            log.Word("format", "text", "json");
            log.End();
        }
    }

    /// <summary>No limit may be without end: whoever waits for a peer must come back.</summary>
    private static void Limits(JsonTreeNode? node, ConfigErrorList errors)
    {
        if (node is not null)
        {
            var limits = new ObjectReader(node, errors);
            limits.Integer("replyMs", 10, 600_000);
            limits.Integer("memTableMs", 10, 600_000);
            limits.Integer("holdMs", 10, 60_000);
            limits.Integer("connectBackoffMaxMs", 10, 60_000);
            limits.Integer("xenbusWaitMs", 10, 600_000);
            limits.Integer("stopDaemonMs", 0, 60_000);
            limits.End();
        }
    }
}
