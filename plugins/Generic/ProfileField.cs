using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>A field of a profile's configuration space.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Width">Its size in bytes.</param>
/// <param name="Kind">What a guest's write does.</param>
/// <param name="Target">For the kind writeOneToClear, the field whose bits are cleared.</param>
/// <param name="Value">What the guest reads, or null when the back-end decides.</param>
/// <param name="IsQueueCount">True when the guest reads the number of queues.</param>
internal sealed record ProfileField(
    string Name, int Offset, int Width, ConfigFieldKind Kind, string? Target, ulong? Value, bool IsQueueCount)
{
    internal ConfigField Make(int queueCount)
    {
        ulong? value = IsQueueCount ? (ulong)queueCount : Value;
        ConfigField field = value is { } number
            ? ConfigLayout.Fixed(Name, Offset, Width, number, Kind)
            : ConfigLayout.Field(Name, Offset, Width, Kind);
        return field with { Target = Target };
    }
}
