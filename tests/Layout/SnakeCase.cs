using System.Text;

namespace XenDmHost.LayoutTests;

/// <summary>From a C# name to the way C writes it.</summary>
internal static class SnakeCase
{
    /// <summary>DeviceFeaturesSel becomes DEVICE_FEATURES_SEL, Version1 becomes VERSION_1.</summary>
    internal static string Upper(string name)
    {
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            bool starts = char.IsAsciiLetterUpper(name[i]) || (char.IsAsciiDigit(name[i]) && !char.IsAsciiDigit(name[i - 1]));
            text.Append(starts && i > 0 ? "_" : "").Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }
}
