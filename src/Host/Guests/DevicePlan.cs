using XenDmHost.Abstractions;

namespace XenDmHost.Host.Guests;

/// <summary>One device of a guest file, checked and resolved: nothing in it can be wrong any more.</summary>
internal sealed record DevicePlan
{
    internal required int Id { get; init; }

    /// <summary>The plugin and its version, for people: "snd 1.0.0".</summary>
    internal required string PluginLabel { get; init; }

    internal required IDeviceModel Model { get; init; }

    /// <summary>Who serves the device's side channel; null when it has none.</summary>
    internal ISideChannelDevice? SideChannel { get; init; }

    /// <summary>QueueSizeMax of each queue, after the guest file's overrides.</summary>
    internal required IReadOnlyList<ushort> QueueSizes { get; init; }

    internal required BackEndPlan BackEnd { get; init; }

    /// <summary>The window's address, when the guest file and not xenstore decides it.</summary>
    internal ulong? Base { get; init; }

    /// <summary>The interrupt, when the guest file and not xenstore decides it.</summary>
    internal uint? Irq { get; init; }

    /// <summary>How long a guest's first probe waits for the back-end.</summary>
    internal int WaitForBackEndMs { get; init; }

    /// <summary>Whether the guest gives its memory by grants; null when xenstore decides it.</summary>
    internal bool? Grants { get; init; }

    /// <summary>Whether kicks shall go by the kernel.</summary>
    internal bool KernelKicks { get; init; }

    /// <summary>Whether calls shall go by the kernel, where it can.</summary>
    internal bool KernelInterrupts { get; init; }
}
