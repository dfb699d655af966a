using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>Asks a plugin for a device with options written as in a guest file.</summary>
internal static class DeviceContexts
{
    internal static DeviceDescription CreateModel(this PluginHandle plugin, string options, string guestFileDirectory = "/")
    {
        using MemoryStream json = new(Encoding.UTF8.GetBytes(options));
        return plugin.CreateModel(new DeviceContext
        {
            Guest = "work",
            DeviceId = 0,
            Options = new ConfigurationBuilder().AddJsonStream(json).Build(),
            PluginDirectory = plugin.Directory,
            GuestFileDirectory = guestFileDirectory,
            Logger = NullLogger.Instance,
        });
    }
}
