using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>A field of a profile's configuration space.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Width">Its size in bytes.</param>
/// <param name="Kind">What a guest's write does.</param>
/// <param name="Target">For the kind writeOneToClear, the field whose bits are cleared.</param>
/// <param name="Value">What the guest reads, or null when the back-end decides.</param>
/// <param name="IsRepeatCount">True when the guest reads how often the last queue is there.</param>
/// <param name="IsMac">True for a MAC address, written as one.</param>
internal sealed record ProfileField(
    string Name, int Offset, int Width, ConfigFieldKind Kind, string? Target, byte[]? Value, bool IsRepeatCount, bool IsMac)
{
    /// <param name="repeats">How often the last queue is there.</param>
    /// <param name="given">The guest file's value, which goes before the profile's; or null.</param>
    internal ConfigField Make(int repeats, byte[]? given)
    {
        byte[]? value = given ?? (IsRepeatCount ? FieldValue.OfNumber((ulong)repeats, Width) : Value);
        ConfigField field = ConfigLayout.Field(Name, Offset, Width, Kind) with { Target = Target };
        return value is null ? field : field with { Value = value };
    }
}
