using System.Security.Cryptography;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>The cursor queue: requests that the device gives back without an answer (virtio 1.3, 5.7.6.10).</summary>
internal sealed class GpuCursor(DeviceMemory memory, SplitVirtqueue queue)
{
    /// <summary>A cursor's image is a square of this many pixels.</summary>
    internal const int Side = 64;

    /// <summary>The pixel of the image that points.</summary>
    internal const int HotX = 5, HotY = 3;

    /// <summary>Blue, green, red and alpha of each pixel: an opaque triangle whose colours depend on seed and run, else nothing.</summary>
    internal static byte[] Image(int seed, int run)
    {
        var colours = new GpuPicture(seed, run, number: 64, Side, Side);
        var image = new byte[Side * Side * GpuPicture.PixelBytes];
        for (var y = 0; y < Side; y++)
        {
            var row = image.AsSpan(y * Side * GpuPicture.PixelBytes, Side * GpuPicture.PixelBytes);
            colours.FillRow(row, y, patched: false);
            for (var x = 0; x < Side; x++)
            {
                var pixel = row.Slice(x * GpuPicture.PixelBytes, GpuPicture.PixelBytes);
                var isOpaque = x <= y && x + y < Side + (Side / 4);
                pixel[3] = 0xff;
                if (!isOpaque)
                {
                    pixel.Clear();
                }
            }
        }

        return image;
    }

    internal static string Sha256(int seed, int run) => Convert.ToHexStringLower(SHA256.HashData(Image(seed, run)));

    internal void Update(int scanout, int x, int y, uint resource) => Send(GpuCode.UpdateCursor, scanout, x, y, resource);

    internal void Move(int scanout, int x, int y, uint resource) => Send(GpuCode.MoveCursor, scanout, x, y, resource);

    /// <summary>struct virtio_gpu_update_cursor: the header, the position with padding, resource, hot spot, padding.</summary>
    private void Send(GpuCode command, int scanout, int x, int y, uint resource)
    {
        var payload = new GpuPayload().U32((uint)command).U32(0).U64(0).U64(0)
            .U32((uint)scanout).U32((uint)x).U32((uint)y).U32(0)
            .U32(resource).U32(HotX).U32(HotY).U32(0)
            .ToArray();
        using var buffer = memory.Allocate(payload.Length);
        payload.CopyTo(buffer.Span);
        var request = new VirtqueueRequest(BufferSegment.ForDeviceToRead(buffer.Address, payload.Length));
        queue.Submit(request, DriverContext.RequestLimit);
        request.Wait(DriverContext.RequestLimit, $"{command}");
    }
}
