using System.Globalization;
using Microsoft.Extensions.Configuration;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Gpu;

/// <summary>The device's options: how many scanouts it has, and of which size.</summary>
internal static class GpuOptions
{
    internal const int MaxScanouts = 16; // VIRTIO_GPU_MAX_SCANOUTS
    internal const int MinSide = 64;

    /// <summary>The most that the 12 bits of a detailed timing in EDID can say.</summary>
    internal const int MaxSide = 4095;

    private const string Key = "scanouts";

    internal const string Schema = """
        {
          "type": "object",
          "properties": {
            "scanouts": {
              "type": ["integer", "array"],
              "minimum": 1,
              "maximum": 16,
              "minItems": 1,
              "maxItems": 16,
              "items": {
                "type": "object",
                "properties": {
                  "width": { "type": "integer", "minimum": 64, "maximum": 4095, "default": 1024, "description": "Pixels in a row." },
                  "height": { "type": "integer", "minimum": 64, "maximum": 4095, "default": 768, "description": "Rows." }
                },
                "additionalProperties": false
              },
              "default": 1,
              "description": "The displays that the guest sees: their number, or a list with the size of each."
            }
          },
          "additionalProperties": false
        }
        """;

    /// <exception cref="DeviceConfigException">The options are wrong.</exception>
    internal static IReadOnlyList<ScanoutSize> Read(IConfiguration options)
    {
        options.AllowOnly(Key);
        List<IConfigurationSection> items = [.. options.GetSection(Key).GetChildren()];

        // The items of a list have their numbers for keys; a single object has names.
        if (items.Count == 0 || !items.TrueForAll(item => item.Key.All(char.IsAsciiDigit)))
        {
            return [.. Enumerable.Repeat(ScanoutSize.Usual, options.Number(Key, fallback: 1, min: 1, max: MaxScanouts))];
        }

        return items.Count <= MaxScanouts
            ? [.. items.Select(Size)]
            : throw new DeviceConfigException(Key, $"{items.Count} are too many: a device has 1 to {MaxScanouts}");
    }

    private static ScanoutSize Size(IConfigurationSection item)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{Key}[{item.Key}]");
        try
        {
            item.AllowOnly("width", "height");
            return new ScanoutSize(
                item.Number("width", ScanoutSize.Usual.Width, MinSide, MaxSide),
                item.Number("height", ScanoutSize.Usual.Height, MinSide, MaxSide));
        }
        catch (DeviceConfigException wrong)
        {
            throw new DeviceConfigException($"{place}.{wrong.Path}", wrong.Message);
        }
    }
}
