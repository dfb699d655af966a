using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>Commands that a device must refuse, and go on afterwards.</summary>
internal static class GpuRefusals
{
    private const uint NoSuchResource = 0x7fff_fff0;
    private const uint NoSuchScanout = 16;

    /// <summary>The errors that came, by command.</summary>
    internal static JsonObject Check(GpuControl control, GpuSurface surface, GpuPicture picture)
    {
        var tooHigh = picture.Whole with { Height = picture.Height + 1 };
        return new JsonObject
        {
            ["transferOfNoResource"] = Text(control.Refused(
                GpuCode.TransferToHost2D, new GpuPayload().Rect(picture.Whole).U64(0).U32(NoSuchResource).U32(0))),
            ["flushOfNoResource"] = Text(control.Refused(
                GpuCode.ResourceFlush, new GpuPayload().Rect(picture.Whole).U32(NoSuchResource).U32(0))),
            ["flushPastTheEnd"] = Text(control.Refused(
                GpuCode.ResourceFlush, new GpuPayload().Rect(tooHigh).U32(surface.Id).U32(0))),
            ["noSuchScanout"] = Text(control.Refused(
                GpuCode.SetScanout, new GpuPayload().Rect(picture.Whole).U32(NoSuchScanout).U32(surface.Id))),
            ["unknownCommand"] = Text(control.Refused(GpuCode.Unknown, new GpuPayload().U64(0))),
        };
    }

    private static string Text(GpuCode code) => Enum.IsDefined(code) ? code.ToString() : $"0x{(uint)code:x}";
}
