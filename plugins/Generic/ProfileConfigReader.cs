using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>Reads a profile's <c>config</c>: the configuration space.</summary>
internal static class ProfileConfigReader
{
    private const string RepeatCount = "repeatCount";
    private const string Mac = "mac";

    internal static (int Size, List<ProfileField> Fields) Read(ProfileNode node)
    {
        node.AllowOnly("size", "fields");
        int size = node.Required("size").Number(1, ConfigLayout.MaxSize);
        HashSet<string> names = new(StringComparer.Ordinal);
        List<ProfileField> fields = [];
        foreach (ProfileNode item in node.Optional("fields")?.Items() ?? [])
        {
            ProfileField field = ReadField(item, size);
            ProfileReader.RefuseTwice(names, field.Name, item.Required("name"));
            RefuseOverlap(fields, field, item.Required("offset"));
            fields.Add(field);
        }

        CheckTargets(node, fields);
        return (size, fields);
    }

    private static ProfileField ReadField(ProfileNode node, int size)
    {
        node.AllowOnly("name", "offset", "width", "kind", "target", "value", "valueFrom", "format");
        int width = node.Required("width").Number(1, size);
        ConfigFieldKind kind = node.Optional("kind") is { } word ? ReadKind(word) : ConfigFieldKind.ReadOnly;
        if (node.Optional("target") is { } target && kind != ConfigFieldKind.WriteOneToClear)
        {
            throw new ProfileException(target.Path, "only a field of kind writeOneToClear has a target");
        }

        bool isMac = ReadIsMac(node, width);
        return new ProfileField(
            node.Required("name").Text(),
            node.Required("offset").Number(0, size - width),
            width,
            kind,
            kind == ConfigFieldKind.WriteOneToClear ? node.Required("target").Text() : null,
            ReadValue(node, width, isMac),
            ReadIsRepeatCount(node, width),
            isMac);
    }

    private static bool ReadIsMac(ProfileNode node, int width)
    {
        if (node.Optional("format") is not { } format)
        {
            return false;
        }

        if (format.Text() != Mac)
        {
            throw new ProfileException(format.Path, $"must be \"{Mac}\"; leave it out for numbers and texts");
        }

        return width == MacAddress.Width
            ? true
            : throw new ProfileException(format.Path, $"a MAC address has {MacAddress.Width} bytes, and this field {width}");
    }

    private static byte[]? ReadValue(ProfileNode node, int width, bool isMac)
    {
        if (node.Optional("value") is not { } value)
        {
            return null;
        }

        if (isMac)
        {
            return MacAddress.Parse(value.Text()) ?? throw new ProfileException(value.Path, $"must be {MacAddress.Words}");
        }

        return FieldValue.IsNumber(width)
            ? FieldValue.OfNumber(value.Unsigned(width), width)
            : FieldValue.OfText(value.Text(), width) ?? throw new ProfileException(value.Path, $"has more than {width} bytes");
    }

    private static bool ReadIsRepeatCount(ProfileNode node, int width)
    {
        if (node.Optional("valueFrom") is not { } source)
        {
            return false;
        }

        if (!FieldValue.IsNumber(width))
        {
            throw new ProfileException(source.Path, $"only a field of 1, 2, 4 or 8 bytes can have it, and this has {width}");
        }

        if (node.Optional("value") is not null)
        {
            throw new ProfileException(source.Path, "a field has value or valueFrom, not both");
        }

        return source.Text() == RepeatCount
            ? true
            : throw new ProfileException(source.Path, $"must be \"{RepeatCount}\": how often the last queue is there");
    }

    private static ConfigFieldKind ReadKind(ProfileNode node) => node.Text() switch
    {
        "readOnly" => ConfigFieldKind.ReadOnly,
        "forwarded" => ConfigFieldKind.Forwarded,
        "selector" => ConfigFieldKind.Selector,
        "writeOneToClear" => ConfigFieldKind.WriteOneToClear,
        "kept" => ConfigFieldKind.Kept,
        string other => throw new ProfileException(
            node.Path, $"'{other}' is wrong: it must be readOnly, forwarded, selector, writeOneToClear or kept"),
    };

    private static void RefuseOverlap(List<ProfileField> fields, ProfileField field, ProfileNode at)
    {
        ProfileField? other = fields.Find(item => field.Offset < item.Offset + item.Width && item.Offset < field.Offset + field.Width);
        if (other is not null)
        {
            throw new ProfileException(
                at.Path, $"{field.Width} bytes at {field.Offset} overlap '{other.Name}', {other.Width} bytes at {other.Offset}");
        }
    }

    private static void CheckTargets(ProfileNode config, List<ProfileField> fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            ProfileField field = fields[i];
            if (field.Target is { } target && !fields.Exists(item => item.Name == target && item.Width == field.Width && item != field))
            {
                ProfileNode at = config.Required("fields").Items()[i].Required("target");
                throw new ProfileException(at.Path, $"'{target}' is no other field of {field.Width} bytes");
            }
        }
    }
}
