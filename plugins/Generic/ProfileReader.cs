using System.Text.Json;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>Makes a profile of JSON text. Comments and trailing commas are allowed; unknown and repeated keys are not.</summary>
internal static class ProfileReader
{
    internal const int MaxQueues = 64;
    private const int MaxQueueSize = 32768;

    private static readonly JsonDocumentOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="ProfileException">It is JSON, but no profile.</exception>
    internal static Profile Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json, Options);
        ProfileNode root = new(document.RootElement, "");
        root.AllowOnly("$schema", "name", "virtioId", "queues", "config", "features", "quirks");
        (int configSize, List<ProfileField> fields) = root.Optional("config") is { } config
            ? ProfileConfigReader.Read(config)
            : (0, []);
        (FeatureRules rules, List<ProfileFieldFeature> byField) = root.Optional("features") is { } features
            ? ReadFeatures(features, fields)
            : (FeatureRules.BackEndDecides, []);
        return new Profile(
            ReadId(root.Required("name")),
            (uint)root.Required("virtioId").Number(1, ushort.MaxValue),
            ReadQueues(root.Required("queues")),
            configSize,
            fields,
            rules,
            byField,
            root.Optional("quirks") is { } quirks ? ReadQuirks(quirks) : []);
    }

    /// <summary>Refuses the second of two equal keys, at its place.</summary>
    internal static void RefuseTwice<TKey>(HashSet<TKey> seen, TKey key, ProfileNode at)
    {
        if (!seen.Add(key))
        {
            throw new ProfileException(at.Path, $"'{key}' is there twice");
        }
    }

    private static string ReadId(ProfileNode node)
    {
        string id = node.Text();
        return id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? id
            : throw new ProfileException(node.Path, $"'{id}' is wrong: lower-case letters, digits and '-' only");
    }

    private static List<ProfileQueue> ReadQueues(ProfileNode node)
    {
        List<ProfileNode> items = node.Items();
        if (items.Count is 0 or > MaxQueues)
        {
            throw new ProfileException(node.Path, $"a device has 1 to {MaxQueues} queues, not {items.Count}");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        List<ProfileQueue> queues = [];
        foreach (ProfileNode item in items)
        {
            ProfileQueue queue = ReadQueue(item, isLast: queues.Count == items.Count - 1, before: queues.Count);
            RefuseTwice(names, queue.Name, item.Required("name"));
            queues.Add(queue);
        }

        return queues;
    }

    private static ProfileQueue ReadQueue(ProfileNode node, bool isLast, int before)
    {
        node.AllowOnly("name", "size", "maxSize", "repeat");
        ushort size = ReadQueueSize(node.Required("size"));
        ushort maxSize = node.Optional("maxSize") is { } most ? ReadQueueSize(most) : size;
        if (maxSize < size)
        {
            throw new ProfileException(node.Required("maxSize").Path, $"{maxSize} is less than the size, {size}");
        }

        ProfileRepeat? repeat = null;
        if (node.Optional("repeat") is { } repeats)
        {
            repeat = isLast
                ? ReadRepeat(repeats, MaxQueues - before)
                : throw new ProfileException(repeats.Path, "only the last queue can repeat");
        }

        return new ProfileQueue(ReadId(node.Required("name")), size, maxSize, repeat);
    }

    private static ProfileRepeat ReadRepeat(ProfileNode node, int room)
    {
        node.AllowOnly("default", "max");
        int max = node.Required("max").Number(1, room);
        return new ProfileRepeat(node.Optional("default")?.Number(1, max) ?? 1, max);
    }

    private static ushort ReadQueueSize(ProfileNode node)
    {
        int size = node.Number(1, MaxQueueSize);
        return (size & (size - 1)) == 0 ? (ushort)size : throw new ProfileException(node.Path, $"{size} is not a power of two");
    }

    /// <summary>The rules that always hold, and those that follow a field.</summary>
    private static (FeatureRules Rules, List<ProfileFieldFeature> ByField) ReadFeatures(ProfileNode node, List<ProfileField> fields)
    {
        node.AllowOnly("require", "mask", "force");
        HashSet<int> bits = [];
        FeatureRules rules = FeatureRules.BackEndDecides;
        List<ProfileFieldFeature> byField = [];
        foreach (ProfileNode item in node.Optional("require")?.Items() ?? [])
        {
            item.AllowOnly("bit", "name", "reason");
            rules = rules.Require(ReadBit(item, bits), item.Required("name").Text(), item.Required("reason").Text());
        }

        foreach (ProfileNode item in node.Optional("mask")?.Items() ?? [])
        {
            item.AllowOnly("bit", "name", "reason");
            rules = rules.Mask(ReadBit(item, bits), item.Required("name").Text(), item.Required("reason").Text());
        }

        foreach (ProfileNode item in node.Optional("force")?.Items() ?? [])
        {
            item.AllowOnly("bit", "name", "reason", "field", "tellMtu");
            (int bit, string name, string reason) = (ReadBit(item, bits), item.Required("name").Text(), item.Required("reason").Text());
            if (item.Optional("field") is { } field)
            {
                byField.Add(new ProfileFieldFeature(bit, name, reason, ReadFieldName(field, fields), item.Optional("tellMtu")?.Flag() ?? false));
            }
            else if (item.Optional("tellMtu") is { } alone)
            {
                throw new ProfileException(alone.Path, "it needs a 'field', whose value is told");
            }
            else
            {
                rules = rules.Force(bit, name, reason);
            }
        }

        return (rules, byField);
    }

    private static string ReadFieldName(ProfileNode node, List<ProfileField> fields)
    {
        string name = node.Text();
        return fields.Exists(field => field.Name == name)
            ? name
            : throw new ProfileException(node.Path, $"'{name}' is no field of the configuration space");
    }

    private static int ReadBit(ProfileNode node, HashSet<int> seen)
    {
        ProfileNode place = node.Required("bit");
        int bit = place.Number(0, 63);
        RefuseTwice(seen, bit, place);
        return bit is > 23 and < 50
            ? throw new ProfileException(place.Path, $"{bit} belongs to the ring and the transport: a device type has 0 to 23 and 50 to 63")
            : bit;
    }

    private static List<Quirk> ReadQuirks(ProfileNode node)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        List<Quirk> quirks = [];
        foreach (ProfileNode item in node.Items())
        {
            item.AllowOnly("id", "reason", "enabled");
            string id = ReadId(item.Required("id"));
            RefuseTwice(ids, id, item.Required("id"));
            quirks.Add(new Quirk(id, item.Required("reason").Text(), item.Optional("enabled")?.Flag() ?? true));
        }

        return quirks;
    }
}
