using System.Globalization;
using System.Text.Json.Nodes;
using XenDmHost.Abstractions;
using XenDmHost.Host.Observe;
using XenDmHost.Host.Observe.Control;

namespace XenDmHost.Host.Guests;

/// <summary>The pictures of a guest's devices, as commands ask for them.</summary>
/// <param name="plan">The guest.</param>
internal sealed class GuestPictures(GuestPlan plan)
{
    /// <summary>The name of the command and its keys.</summary>
    internal const string Command = "screenshot";
    internal const string DeviceKey = "device";
    internal const string ScreenKey = "screen";
    internal const string PointerKey = "pointer";
    internal const string PngKey = "png";

    /// <summary>The devices that have pictures.</summary>
    internal IEnumerable<PlannedDevice> Sources => plan.Devices.Where(device => device.Pictures is not null);

    /// <summary>Answers the command: "device" (may be left out when one has pictures), "screen", "pointer"; the answer has "png" in base64.</summary>
    internal JsonObject Answer(JsonObject request)
    {
        int? id = request[DeviceKey]?.GetValue<int>();
        int screen = request[ScreenKey]?.GetValue<int>() ?? 0;
        if (Find(id, out string error) is not { } device)
        {
            return ControlMessage.Failure(error);
        }

        string place = string.Create(CultureInfo.InvariantCulture, $"device {device.Entry.Id}, screen {screen}");
        if (!device.Pictures!.TryTakePicture(screen, request[PointerKey]?.GetValue<bool>() ?? false, out Picture? picture, out string why))
        {
            return ControlMessage.Failure($"{place}: {why}");
        }

        return picture.IsShown
            ? new JsonObject
            {
                ["ok"] = true,
                [DeviceKey] = device.Entry.Id,
                ["width"] = picture.Width,
                ["height"] = picture.Height,
                [PngKey] = Convert.ToBase64String(PngImage.Encode(picture.Width, picture.Height, picture.Pixels.Span)),
            }
            : ControlMessage.Failure($"{place}: the guest has turned it off");
    }

    private PlannedDevice? Find(int? id, out string error)
    {
        List<PlannedDevice> sources = [.. Sources];
        List<PlannedDevice> meant = id is null ? sources : sources.FindAll(device => device.Entry.Id == id);
        string known = string.Join(", ", sources.Select(device => $"{device.Entry.Id} ({device.Model.Identity.Name})"));
        error = sources.Count == 0 ? "no device of this guest has pictures"
            : meant.Count == 0 ? $"device {id} has no pictures; these have: {known}"
            : meant.Count > 1 ? $"several devices have pictures, name one with --device: {known}"
            : "";
        return meant.Count == 1 ? meant[0] : null;
    }
}
