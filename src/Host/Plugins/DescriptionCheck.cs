using XenDmHost.Abstractions;

namespace XenDmHost.Host.Plugins;

/// <summary>Checks what a plugin returned, because the host's own code relies on it.</summary>
internal static class DescriptionCheck
{
    internal const int MaxQueues = 64;
    internal const int MaxQueueSize = 32768;

    /// <summary>The first thing that is wrong, in words that continue "plugin snd 1.0.0 ..."; null when all is well.</summary>
    internal static string? FindFault(DeviceDescription device) =>
        CheckIdentity(device.Identity)
        ?? CheckQueues(device.Queues)
        ?? CheckFeatures(device.Features)
        ?? CheckConfigSpace(device.ConfigSpace)
        ?? CheckQuirks(device.Quirks)
        ?? CheckNeeds(device.Needs)
        ?? CheckServing(device);

    private static string? CheckIdentity(DeviceIdentity? identity)
    {
        if (identity is null)
        {
            return "returned a device without Identity";
        }

        // Device ids are small numbers; a large one is a register value or a flag that got into the wrong place.
        return identity.VirtioId is 0 or > ushort.MaxValue
            ? $"returned virtio device id {identity.VirtioId}: it must be 1 to {ushort.MaxValue}"
            : CheckText(identity.Name, "Identity.Name");
    }

    private static string? CheckQueues(IReadOnlyList<QueueLayout>? queues)
    {
        if (queues is null)
        {
            return "returned a device without Queues";
        }

        return queues.Count is 0 or > MaxQueues
            ? $"returned {queues.Count} queues: a device has 1 to {MaxQueues}"
            : queues.Select(CheckQueue).FirstOrDefault(fault => fault is not null)
                ?? FindTwice(queues.Select(queue => queue.Name), "queue");
    }

    private static string? CheckQueue(QueueLayout? queue, int index)
    {
        if (queue is null)
        {
            return $"returned null as queue {index}";
        }

        return CheckText(queue.Name, $"the name of queue {index}")
            ?? CheckQueueSize(queue, queue.Size, "Size")
            ?? CheckQueueSize(queue, queue.MaxSize, "MaxSize")
            ?? (queue.Size > queue.MaxSize
                ? $"returned queue '{queue.Name}' with Size {queue.Size} above MaxSize {queue.MaxSize}"
                : null);
    }

    private static string? CheckQueueSize(QueueLayout queue, int size, string what) =>
        size > 0 && size <= MaxQueueSize && (size & (size - 1)) == 0
            ? null
            : $"returned queue '{queue.Name}' with {what} {size}: it must be a power of two, 1 to {MaxQueueSize}";

    private static string? CheckFeatures(FeatureRules? features)
    {
        if (features is null)
        {
            return "returned a device without Features (FeatureRules.BackEndDecides when there are no rules)";
        }

        FeatureRule? twice = features.Rules.GroupBy(rule => rule.Bit).FirstOrDefault(rules => rules.Count() > 1)?.Last();
        return twice is null
            ? features.Rules.Select(rule => CheckText(rule.Name, $"the name of the rule for feature bit {rule.Bit}")
                ?? CheckText(rule.Reason, $"the reason of the rule for feature bit {rule.Bit}")).FirstOrDefault(fault => fault is not null)
            : $"returned two rules for feature bit {twice.Bit} ({twice.Name})";
    }

    private static string? CheckConfigSpace(ConfigLayout? layout) =>
        layout is null
            ? "returned a device without ConfigSpace (ConfigLayout.None when there is none)"
            : layout.Fields.Select(CheckField).FirstOrDefault(fault => fault is not null);

    private static string? CheckField(ConfigField field) =>
        CheckText(field.Name, $"the name of the field at {field.Offset}")
        ?? (Enum.IsDefined(field.Kind) ? null : $"returned field '{field.Name}' of unknown kind {(int)field.Kind}");

    private static string? CheckQuirks(IReadOnlyList<Quirk>? quirks)
    {
        if (quirks is null)
        {
            return "returned a device without Quirks (an empty list when there are none)";
        }

        return quirks.Select(CheckQuirk).FirstOrDefault(fault => fault is not null)
            ?? FindTwice(quirks.Select(quirk => quirk.Id), "quirk");
    }

    private static string? CheckQuirk(Quirk? quirk, int index)
    {
        if (quirk is null)
        {
            return $"returned null as quirk {index}";
        }

        return quirk.Id is not null && PluginName.IsValid(quirk.Id)
            ? CheckText(quirk.Reason, $"the reason of quirk '{quirk.Id}'")
            : $"returned quirk '{quirk.Id}': an id has lower-case letters, digits and '-' only";
    }

    private static string? CheckNeeds(DeviceNeeds? needs) =>
        needs switch
        {
            null => "returned a device without Needs (DeviceNeeds.None when it needs nothing)",
            { Mtu: { Mtu: < MtuNeed.Least } mtu } => $"returned an MTU of {mtu.Mtu}: {MtuNeed.Least} is the least",
            { Mtu: { FeatureBit: < 0 or > 63 } mtu } => $"returned an MTU that feature bit {mtu.FeatureBit} announces: it must be 0 to 63",
            { SideChannel: { } channel } => CheckSideChannel(channel),
            _ => null,
        };

    private static string? CheckSideChannel(SideChannelNeed channel)
    {
        if (channel.Request == 0)
        {
            return "returned a side channel with request 0";
        }

        return channel.MaxPayload is < 0 or > SideChannelNeed.MaxPayloadLimit
            ? $"returned a side channel with MaxPayload {channel.MaxPayload}: it must be 0 to {SideChannelNeed.MaxPayloadLimit}"
            : channel.MaxDescriptors is < 0 or > SideChannelNeed.MaxDescriptorsLimit
                ? $"returned a side channel with MaxDescriptors {channel.MaxDescriptors}: it must be 0 to {SideChannelNeed.MaxDescriptorsLimit}"
                : CheckText(channel.Name, "the name of the side channel");
    }

    private static string? CheckServing(DeviceDescription device) =>
        device is { Needs.SideChannel: not null, SideChannel: null }
            ? $"returned a device that needs a side channel and does not implement {nameof(ISideChannelDevice)}"
            : null;

    private static string? CheckText(string? text, string what) =>
        string.IsNullOrWhiteSpace(text) ? $"returned a device in which {what} is empty" : null;

    private static string? FindTwice(IEnumerable<string> names, string what) =>
        names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"returned two {what}s named '{twice.Key}'"
            : null;
}
