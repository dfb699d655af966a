using XenDmHost.Abstractions;
using XenDmHost.Plugins.Generic;

[assembly: DevicePlugin("generic", typeof(GenericPlugin))]

namespace XenDmHost.Plugins.Generic;

/// <summary>Any device that a JSON profile can describe; see README.md for the format.</summary>
public sealed class GenericPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public string OptionsSchema => """
        {
          "type": "object",
          "properties": {
            "profile": {
              "type": "string",
              "pattern": "^[a-z0-9-]+$",
              "description": "A profile that comes with the plugin, such as \"blk\"."
            },
            "profileFile": {
              "type": "string",
              "minLength": 1,
              "description": "A profile of your own: a file, relative to the guest file."
            },
            "queues": {
              "type": "integer",
              "minimum": 1,
              "maximum": 64,
              "description": "How many request queues, for profiles whose last queue repeats."
            },
            "fields": {
              "type": "object",
              "additionalProperties": { "type": ["integer", "string"] },
              "description": "Values for fields of the configuration space, in place of the profile's or the back-end's."
            }
          },
          "oneOf": [ { "required": ["profile"] }, { "required": ["profileFile"] } ],
          "additionalProperties": false
        }
        """;

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context)
    {
        context.Options.AllowOnly("profile", "profileFile", "queues", FieldOptions.Key);
        Profile profile = ProfileFile.Load(context);
        return new GenericDevice(profile, CountRepeats(context, profile), FieldOptions.Read(context.Options, profile));
    }

    private static int CountRepeats(DeviceContext context, Profile profile)
    {
        if (profile.Queues[^1].Repeat is { } repeat)
        {
            return context.Options.Number("queues", repeat.Default, min: 1, max: repeat.Max);
        }

        return context.Options["queues"] is null
            ? 1
            : throw new DeviceConfigException("queues", $"the queues of profile '{profile.Name}' are fixed: leave this out");
    }
}
