using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;

namespace XenDmHost.Host.Plugins;

/// <summary>The installed plugins as rows, and the rows as text or JSON.</summary>
internal static class PluginTable
{
    private static readonly string[] Headings = ["NAME", "VERSION", "DEVICE", "QUEUES", "CONTRACT", "FOLDER", "STATE"];

    /// <summary>Describes every installed plugin; those that can be used are loaded and asked for a device without options.</summary>
    internal static IReadOnlyList<PluginRow> Rows(PluginRegistry registry)
    {
        PluginCatalogue catalogue = registry.Catalogue;
        HashSet<PluginFolder> chosen = [.. catalogue.Entries
            .Where(entry => entry.Manifest is not null)
            .DistinctBy(entry => entry.Folder.Name, StringComparer.Ordinal)
            .Select(entry => entry.Folder)];
        return [.. catalogue.Entries.Select(entry => Row(registry, entry, chosen.Contains(entry.Folder)))];
    }

    /// <summary>The rows as a table in plain text, ending with a line feed.</summary>
    internal static string ToText(IReadOnlyList<PluginRow> rows)
    {
        List<string[]> lines = [Headings, .. rows.Select(Cells)];
        int[] widths = [.. Headings.Select((_, column) => lines.Max(line => line[column].Length))];
        return string.Concat(lines.Select(line =>
            string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    /// <summary>The rows as a JSON array.</summary>
    internal static string ToJson(IReadOnlyList<PluginRow> rows) =>
        JsonSerializer.Serialize(rows, PluginTableJson.Default.IReadOnlyListPluginRow);

    private static PluginRow Row(PluginRegistry registry, PluginEntry entry, bool chosen)
    {
        PluginRow row = new(
            entry.Folder.Name, entry.Folder.Version.Text, chosen, null, [],
            entry.Manifest?.Contract.ToString(), entry.Folder.Path, entry.Refusal);
        if (entry.Manifest is null)
        {
            return row;
        }

        try
        {
            DeviceDescription device = registry.Load(entry.Manifest).CreateModel(WithoutOptions(entry.Folder));
            return row with { DeviceId = device.Identity.VirtioId, Queues = [.. device.Queues.Select(Queue)] };
        }
        catch (DeviceConfigException)
        {
            return row; // It has no default: its options say which device it is.
        }
        catch (PluginException error)
        {
            return row with { Problem = error.Message };
        }
    }

    private static DeviceContext WithoutOptions(PluginFolder folder) => new()
    {
        Guest = "none",
        DeviceId = 0,
        Options = new ConfigurationBuilder().Build(),
        PluginDirectory = folder.Path,
        GuestFileDirectory = folder.Path,
        Logger = NullLogger.Instance,
    };

    private static string Queue(QueueLayout queue) => $"{queue.Name} {queue.Size} (max {queue.MaxSize})";

    private static string[] Cells(PluginRow row)
    {
        string byOptions = row.Problem is null ? "by options" : "-";
        return
        [
            row.Name,
            row.Version,
            row.DeviceId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? byOptions,
            row.Queues.Count == 0 ? byOptions : string.Join(", ", row.Queues),
            row.Contract ?? "-",
            row.Folder,
            row.Problem ?? (row.Chosen ? "ok" : "ok, not the highest version"),
        ];
    }
}
