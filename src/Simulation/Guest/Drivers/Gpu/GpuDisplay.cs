using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>One display of struct virtio_gpu_resp_display_info (virtio 1.3, 5.7.6.8).</summary>
/// <param name="Scanout">Its number, from 0.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal readonly record struct GpuDisplay(int Scanout, int Width, int Height)
{
    private const int MostScanouts = 16;
    private const int DisplayBytes = 24;
    private const int Smallest = 16;
    private const int Largest = 16384;

    /// <summary>The displays that are on.</summary>
    internal static List<GpuDisplay> ReadAll(GpuControl control)
    {
        var info = control.Ask(
            GpuCode.GetDisplayInfo, new GpuPayload(), GpuControl.HeaderBytes + (MostScanouts * DisplayBytes), GpuCode.OkDisplayInfo);
        List<GpuDisplay> displays = [];
        for (var i = 0; i < MostScanouts; i++)
        {
            var wire = info.AsSpan(i * DisplayBytes, DisplayBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(wire[16..]) != 0)
            {
                displays.Add(Checked(new GpuDisplay(
                    i, BinaryPrimitives.ReadInt32LittleEndian(wire[8..]), BinaryPrimitives.ReadInt32LittleEndian(wire[12..]))));
            }
        }

        return displays;
    }

    private static GpuDisplay Checked(GpuDisplay display) =>
        display.Width is >= Smallest and <= Largest && display.Height is >= Smallest and <= Largest
            ? display
            : throw new DriverFailure($"display {display.Scanout} is on and has {(uint)display.Width} x {(uint)display.Height} pixels");
}
