using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>
/// virtio-gpu without 3D (virtio 1.3, 5.7): asks for the displays and their EDID, shows a picture on each, redraws a part of
/// it, puts a smaller resource on the first scanout, shows and moves a cursor, and makes the errors that the device must
/// refuse. The last pictures and the cursor stay up until the device is reset.
/// </summary>
internal sealed class GpuDriver : IGuestDriver
{
    private const int ControlQueue = 0;
    private const int CursorQueue = 1;
    private const int Queues = 2;
    private const int EventsReadOffset = 0;
    private const int EventsClearOffset = 4;
    private const int ScanoutsOffset = 8;
    private const int MostScanouts = 16;
    // What a small guest has memory for.
    private const int MostDisplays = 4, MostWidth = 1600, MostHeight = 1200;
    private const uint ResizedId = 100, CursorId = 200;
    private const int ResizedPicture = 32;

    public string Name => "gpu";

    public ulong Features => GpuFeature.Edid;

    public string Summarize(JsonObject facts)
    {
        var edid = facts["edidName"] is { } name ? $", EDID \"{name}\" valid" : "";
        return $"drew on {facts["displays"]} display(s){edid}, the first of {facts["width"]}x{facts["height"]} and then with "
            + $"{facts["pictures"]![0]!["width"]}x{facts["pictures"]![0]!["height"]} pixels, moved a cursor, 5 impossible commands refused";
    }

    public JsonObject Drive(DriverContext context)
    {
        var device = context.Device;
        var scanouts = ReadScanouts(device);
        device.SetUpQueues(Queues);
        device.SetDriverOk();
        var control = new GpuControl(context.Memory, device.Queues[ControlQueue]);
        var displays = GpuDisplay.ReadAll(control).FindAll(display => display.Scanout < scanouts);
        if (displays.Count == 0)
        {
            throw new DriverFailure("no display is on");
        }

        var facts = new JsonObject
        {
            ["scanouts"] = scanouts,
            ["displays"] = displays.Count,
            ["width"] = displays[0].Width,
            ["height"] = displays[0].Height,
        };
        AddEdid(device, control, displays[0].Scanout, facts);
        DrawAll(context, control, displays, facts);
        ShowCursor(context, control, displays[0].Scanout, facts);
        facts["displayEvents"] = AcknowledgeEvents(device);
        return facts;
    }

    private static int ReadScanouts(VirtioMmioDevice device)
    {
        var scanouts = device.Config.ReadU32(ScanoutsOffset);
        return scanouts is >= 1 and <= MostScanouts
            ? (int)scanouts
            : throw new DriverFailure($"num_scanouts is {scanouts}: 1 to {MostScanouts} are possible");
    }

    private static void AddEdid(VirtioMmioDevice device, GpuControl control, int scanout, JsonObject facts)
    {
        if (!device.Has(GpuFeature.Edid))
        {
            return;
        }

        var edid = GpuEdid.Read(control, scanout);
        facts["edidBytes"] = edid.Block.Length;
        facts["edid"] = Convert.ToHexStringLower(edid.Block);
        facts["edidMode"] = $"{edid.Width}x{edid.Height}";
        facts["edidName"] = edid.Name;
    }

    private static void DrawAll(DriverContext context, GpuControl control, List<GpuDisplay> displays, JsonObject facts)
    {
        List<GpuSurface> surfaces = [];
        List<GpuPicture> pictures = [];
        foreach (var display in displays.Take(MostDisplays))
        {
            var (width, height) = (Math.Min(display.Width, MostWidth), Math.Min(display.Height, MostHeight));
            pictures.Add(new GpuPicture(context.Options.Seed, context.Run, display.Scanout, width, height));
            surfaces.Add(Show(context, control, (uint)display.Scanout + 1, display.Scanout, pictures[^1]));
        }

        facts["entries"] = surfaces[0].Entries;
        facts["firstRgbSha256"] = pictures[0].RgbSha256();
        facts["refused"] = GpuRefusals.Check(control, surfaces[0], pictures[0]);

        // A mode switch as Linux makes it: a new resource takes the old one's place on the scanout.
        pictures[0] = new GpuPicture(context.Options.Seed, context.Run, ResizedPicture, pictures[0].Width * 5 / 8, pictures[0].Height * 5 / 8);
        Show(context, control, ResizedId, displays[0].Scanout, pictures[0]);
        surfaces[0].Destroy();
        facts["pictures"] = new JsonArray([.. pictures.Select((picture, i) => Describe(displays[i].Scanout, picture))]);
    }

    private static GpuSurface Show(DriverContext context, GpuControl control, uint id, int scanout, GpuPicture picture)
    {
        var surface = new GpuSurface(
            control, context.Memory, context.NewRandom((int)id), id, GpuFormat.B8G8R8X8, picture.Width, picture.Height);
        surface.ShowOn(scanout, picture.Whole);
        surface.Draw(picture, picture.Whole, patched: false);
        surface.Draw(picture, picture.Patch, patched: true);
        return surface;
    }

    private static JsonObject Describe(int scanout, GpuPicture picture) => new()
    {
        ["scanout"] = scanout,
        ["width"] = picture.Width,
        ["height"] = picture.Height,
        ["rgbSha256"] = picture.RgbSha256(),
    };

    private static void ShowCursor(DriverContext context, GpuControl control, int scanout, JsonObject facts)
    {
        var surface = new GpuSurface(
            control, context.Memory, context.NewRandom((int)CursorId), CursorId, GpuFormat.B8G8R8A8, GpuCursor.Side, GpuCursor.Side);
        surface.Write(0, GpuCursor.Image(context.Options.Seed, context.Run));
        surface.Transfer(new GpuRect(0, 0, GpuCursor.Side, GpuCursor.Side));
        var cursor = new GpuCursor(context.Memory, context.Device.Queues[CursorQueue]);
        var random = context.NewRandom(0);
        var (x, y) = (random.Next(8, 64), random.Next(8, 64));
        cursor.Update(scanout, 1, 2, CursorId);
        cursor.Move(scanout, x, y, CursorId);
        facts["cursor"] = new JsonObject
        {
            ["scanout"] = scanout,
            ["x"] = x,
            ["y"] = y,
            ["hotX"] = GpuCursor.HotX,
            ["hotY"] = GpuCursor.HotY,
            ["bgraSha256"] = GpuCursor.Sha256(context.Options.Seed, context.Run),
        };
    }

    /// <summary>The events that are pending, written back to be cleared as Linux does; they must be gone then.</summary>
    private static uint AcknowledgeEvents(VirtioMmioDevice device)
    {
        var events = device.Config.ReadU32(EventsReadOffset);
        device.Config.WriteU32(EventsClearOffset, events);
        var left = device.Config.ReadU32(EventsReadOffset);
        return (left & events) == 0
            ? events
            : throw new DriverFailure($"events_read is 0x{left:x} after 0x{events:x} was written to events_clear");
    }
}
