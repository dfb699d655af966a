using SampleDisk;
using XenDmHost.Abstractions;

[assembly: DevicePlugin("sample-disk", typeof(SampleDiskPlugin))]

namespace SampleDisk;

public sealed class SampleDiskPlugin : IDevicePlugin
{
    public string OptionsSchema => """
        {
          "type": "object",
          "properties": { "entries": { "enum": [8, 16, 32, 64], "default": 64 } },
          "additionalProperties": false
        }
        """;

    public IDeviceModel Create(DeviceContext context)
    {
        context.Options.AllowOnly("entries");
        int entries = context.Options.Number("entries", fallback: 64, min: 8, max: 64);
        return int.IsPow2(entries)
            ? new SampleDiskDevice((ushort)entries)
            : throw new DeviceConfigException("entries", $"{entries} is not a power of two");
    }
}
