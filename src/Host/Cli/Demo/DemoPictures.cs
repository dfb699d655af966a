using System.Globalization;
using XenDmHost.Abstractions;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Observe;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>Saves what the devices of the demo's guest showed last.</summary>
internal static class DemoPictures
{
    /// <summary>One file per screen: device2-screen0.png.</summary>
    internal static void Save(GuestPlan plan, string folder)
    {
        foreach (PlannedDevice device in plan.Devices.Where(device => device.Pictures is not null))
        {
            for (int screen = 0; screen < device.Pictures!.ScreenCount; screen++)
            {
                if (device.Pictures.TryTakePicture(screen, withPointer: false, out Picture? picture, out _))
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"device{device.Entry.Id}-screen{screen}.png");
                    File.WriteAllBytes(Path.Combine(folder, name), PngImage.Encode(picture.Width, picture.Height, picture.Pixels.Span));
                }
            }
        }
    }
}
