using System.Buffers.Binary;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>Payloads of the GPU socket, in host byte order.</summary>
internal static class GpuMessages
{
    internal const int HeaderSize = 12, PositionSize = 12, UpdateHeaderSize = 20, CursorSize = 64, CursorBytes = CursorSize * CursorSize * 4;
    internal const int DisplayInfoSize = 408, EdidSize = 1056;
    internal const uint ReplyFlag = 4;
    private const uint FourccXrgb8888 = 0x34325258;

    internal static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    internal static byte[] Frame(SideRequest request, ReadOnlySpan<byte> payload) => [.. Words((uint)request, 0, (uint)payload.Length), .. payload];

    /// <summary>VhostUserGpuUpdate: the rectangle as it lies on the scanout, then its pixels.</summary>
    internal static byte[] Update(uint scanout, GpuRectangle at, int pixels) =>
        [.. Words(scanout, at.X, at.Y, at.Width, at.Height), .. new byte[pixels]];

    /// <summary>VhostUserGpuDMABUFScanout of a whole resource's descriptor.</summary>
    internal static byte[] DmabufScanout(uint scanout, GpuRectangle part, GpuResource resource) => Words(
        scanout, part.X, part.Y, part.Width, part.Height, resource.Width, resource.Height, (uint)resource.Stride, 0, FourccXrgb8888);
}
