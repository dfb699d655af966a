using Microsoft.Extensions.Configuration;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>The option <c>fields</c>: values that a guest file gives to fields of the configuration space.</summary>
internal static class FieldOptions
{
    internal const string Key = "fields";

    /// <exception cref="DeviceConfigException">A key is no field of the profile, or its value does not fit.</exception>
    internal static Dictionary<string, byte[]> Read(IConfiguration options, Profile profile)
    {
        if (options[Key] is not null)
        {
            throw new DeviceConfigException(Key, "must be an object: field names and their values");
        }

        Dictionary<string, byte[]> values = new(StringComparer.Ordinal);
        foreach (IConfigurationSection child in options.GetSection(Key).GetChildren())
        {
            values[child.Key] = Read(child, profile);
        }

        return values;
    }

    private static byte[] Read(IConfigurationSection option, Profile profile)
    {
        string path = $"{Key}.{option.Key}";
        ProfileField field = profile.Fields.FirstOrDefault(item => item.Name == option.Key)
            ?? throw new DeviceConfigException(path, Unknown(profile));
        return (option.Value is null ? null : FieldValue.Parse(option.Value, field))
            ?? throw new DeviceConfigException(path, $"must be {FieldValue.Describe(field)}");
    }

    private static string Unknown(Profile profile) => profile.Fields.Count == 0
        ? $"profile '{profile.Name}' has no fields"
        : $"is no field of profile '{profile.Name}': there are {string.Join(", ", profile.Fields.Select(item => item.Name))}";
}
