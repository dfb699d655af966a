using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace XenDmHost.Host.Plugins;

/// <summary>
/// A plugin's version: what its folder is named. One to four numbers, then an optional pre-release ("2.0.0-rc.1"), ordered
/// as in Semantic Versioning 2.0, section 11; build metadata ("+abc") does not count.
/// </summary>
internal sealed class PluginVersion : IComparable<PluginVersion>
{
    private const int MaxNumbers = 4;

    private readonly int[] _numbers;
    private readonly string[] _preRelease;

    private PluginVersion(string text, int[] numbers, string[] preRelease)
    {
        Text = text;
        _numbers = numbers;
        _preRelease = preRelease;
    }

    /// <summary>The version as it was written.</summary>
    internal string Text { get; }

    internal static bool TryParse(string text, [NotNullWhen(true)] out PluginVersion? version)
    {
        version = null;
        string counted = text.Split('+', 2)[0];
        string[] halves = counted.Split('-', 2);
        string[] numbers = halves[0].Split('.');
        if (numbers.Length > MaxNumbers)
        {
            return false;
        }

        int[] values = new int[MaxNumbers];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
            {
                return false;
            }
        }

        string[] preRelease = halves.Length > 1 ? halves[1].Split('.') : [];
        if (!preRelease.All(IsIdentifier))
        {
            return false;
        }

        version = new PluginVersion(text, values, preRelease);
        return true;
    }

    public int CompareTo(PluginVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (int i = 0; i < MaxNumbers; i++)
        {
            int byNumber = _numbers[i].CompareTo(other._numbers[i]);
            if (byNumber != 0)
            {
                return byNumber;
            }
        }

        int byPreRelease = ComparePreRelease(_preRelease, other._preRelease);
        return byPreRelease != 0 ? byPreRelease : string.CompareOrdinal(Text, other.Text);
    }

    public override string ToString() => Text;

    private static bool IsIdentifier(string part) =>
        part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>A version without a pre-release comes after every one with it.</summary>
    private static int ComparePreRelease(string[] left, string[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int byPart = CompareIdentifier(left[i], right[i]);
            if (byPart != 0)
            {
                return byPart;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareIdentifier(string left, string right)
    {
        bool leftIsNumber = ulong.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out ulong leftNumber);
        bool rightIsNumber = ulong.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out ulong rightNumber);
        return (leftIsNumber, rightIsNumber) switch
        {
            (true, true) => leftNumber.CompareTo(rightNumber),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
    }
}
