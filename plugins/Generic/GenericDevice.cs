using System.Buffers.Binary;
using System.Globalization;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>A device made from a profile.</summary>
internal sealed class GenericDevice : IDeviceModel
{
    /// <param name="profile">The profile.</param>
    /// <param name="repeats">How often the profile's last queue is there, when it repeats.</param>
    /// <param name="values">Values of the guest file for fields of the configuration space.</param>
    internal GenericDevice(Profile profile, int repeats, IReadOnlyDictionary<string, byte[]> values)
    {
        Identity = new DeviceIdentity(profile.VirtioId, profile.Name);
        Queues = [.. Expand(profile.Queues, repeats)];
        Features = profile.FieldFeatures.Aggregate(profile.Features, (rules, feature) => values.ContainsKey(feature.Field)
            ? rules.Force(feature.Bit, feature.Name, feature.Reason)
            : rules.Mask(feature.Bit, feature.Name, $"the guest file gives no {feature.Field}"));
        ConfigSpace = profile.ConfigSize == 0
            ? ConfigLayout.None
            : ConfigLayout.Of(profile.ConfigSize, profile.Fields.Select(field => field.Make(repeats, values.GetValueOrDefault(field.Name))));
        Quirks = profile.Quirks;
        Needs = new DeviceNeeds { Mtu = MtuOf(profile, values) };
    }

    public DeviceIdentity Identity { get; }

    public IReadOnlyList<QueueLayout> Queues { get; }

    public FeatureRules Features { get; }

    public ConfigLayout ConfigSpace { get; }

    public IReadOnlyList<Quirk> Quirks { get; }

    public DeviceNeeds Needs { get; }

    /// <summary>A value of two bytes, little-endian as the guest reads it.</summary>
    private static MtuNeed? MtuOf(Profile profile, IReadOnlyDictionary<string, byte[]> values) =>
        profile.FieldFeatures.FirstOrDefault(feature => feature.TellsMtu) is { } feature && values.TryGetValue(feature.Field, out byte[]? value)
            ? new MtuNeed(BinaryPrimitives.ReadUInt16LittleEndian(value), feature.Bit)
            : null;

    /// <summary>A queue that repeats is numbered from 1, as the specification does ("requestq1"), even when there is one.</summary>
    private static IEnumerable<QueueLayout> Expand(IReadOnlyList<ProfileQueue> queues, int repeats)
    {
        foreach (ProfileQueue queue in queues)
        {
            if (queue.Repeat is null)
            {
                yield return new QueueLayout(queue.Name, queue.Size, queue.MaxSize);
                continue;
            }

            for (int i = 1; i <= repeats; i++)
            {
                string name = queue.Name + i.ToString(CultureInfo.InvariantCulture);
                yield return new QueueLayout(name, queue.Size, queue.MaxSize);
            }
        }
    }
}
