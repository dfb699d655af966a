using System.Buffers.Binary;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>struct virtio_gpu_resp_display_info (virtio 1.3, 5.7.6.8): a header of 24 bytes and 16 displays of 24.</summary>
internal static class DisplayInfo
{
    internal const int Size = ControlHeader.Size + GpuOptions.MaxScanouts * DisplaySize;
    private const int DisplaySize = 24;
    private const uint OkDisplayInfo = 0x1101; // VIRTIO_GPU_RESP_OK_DISPLAY_INFO

    /// <summary>All displays are on, side by side from left to right.</summary>
    internal static byte[] Of(IReadOnlyList<ScanoutSize> sizes)
    {
        byte[] bytes = new byte[Size];
        ControlHeader.Write(bytes, OkDisplayInfo);
        uint left = 0;
        for (int i = 0; i < sizes.Count; i++)
        {
            Span<byte> display = bytes.AsSpan(ControlHeader.Size + (i * DisplaySize), DisplaySize);
            uint[] numbers = [left, 0, (uint)sizes[i].Width, (uint)sizes[i].Height, 1, 0];
            for (int n = 0; n < numbers.Length; n++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(display[(n * sizeof(uint))..], numbers[n]);
            }

            left += (uint)sizes[i].Width;
        }

        return bytes;
    }
}
