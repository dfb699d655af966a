using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace XenDmHost.Abstractions;

/// <summary>
/// Reads the keys directly below a device's <c>"options"</c>, and complains about them in one form for all plugins.
/// </summary>
public static class DeviceOptions
{
    /// <summary>Refuses every key but these.</summary>
    /// <param name="options">The device's options.</param>
    /// <param name="keys">The keys that the plugin knows, spelled as in the guest file.</param>
    /// <exception cref="DeviceConfigException">There is another key; the message lists those that are known.</exception>
    public static void AllowOnly(this IConfiguration options, params IEnumerable<string> keys)
    {
        List<string> known = [.. keys];
        foreach (IConfigurationSection child in options.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.Ordinal))
            {
                throw new DeviceConfigException(child.Key, known.Count == 0
                    ? "unknown key: this device takes no options"
                    : $"unknown key: this device takes {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>A whole number.</summary>
    /// <param name="options">The device's options.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What is returned when the key is absent.</param>
    /// <param name="min">The least number allowed.</param>
    /// <param name="max">The greatest number allowed.</param>
    /// <exception cref="DeviceConfigException">The value is no whole number in this range.</exception>
    public static int Number(this IConfiguration options, string key, int fallback, int min, int max)
    {
        if (!Has(options, key, out string? text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : throw Wrong(key, text, $"a whole number from {min} to {max}");
    }

    /// <summary>A switch.</summary>
    /// <param name="options">The device's options.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What is returned when the key is absent.</param>
    /// <exception cref="DeviceConfigException">The value is neither true nor false.</exception>
    public static bool Flag(this IConfiguration options, string key, bool fallback)
    {
        if (!Has(options, key, out string? text))
        {
            return fallback;
        }

        return bool.TryParse(text, out bool value) ? value : throw Wrong(key, text, "true or false");
    }

    /// <summary>A text, or null when the key is absent.</summary>
    /// <param name="options">The device's options.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="DeviceConfigException">The value is empty, null, an object or a list.</exception>
    public static string? Text(this IConfiguration options, string key)
    {
        if (!Has(options, key, out string? text))
        {
            return null;
        }

        return string.IsNullOrEmpty(text) ? throw Wrong(key, text, "a text that is not empty") : text;
    }

    /// <summary>A key whose value is null, an object or a list is there, but has no text.</summary>
    private static bool Has(IConfiguration options, string key, out string? text)
    {
        text = options[key];
        return options.GetChildren().Any(child => child.Key == key);
    }

    private static DeviceConfigException Wrong(string key, string? text, string right) =>
        new(key, text is null ? $"must be {right}" : $"'{text}' is wrong: it must be {right}");
}
