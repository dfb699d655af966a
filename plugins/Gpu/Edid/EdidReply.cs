using System.Buffers.Binary;
using XenDmHost.Plugins.Gpu.Display;

namespace XenDmHost.Plugins.Gpu.Edid;

/// <summary>struct virtio_gpu_resp_edid (virtio 1.3, 5.7.6.8): a header, the size, four bytes of nothing, and 1024 bytes.</summary>
internal static class EdidReply
{
    internal const int Size = ControlHeader.Size + 8 + 1024;
    private const uint OkEdid = 0x1104; // VIRTIO_GPU_RESP_OK_EDID
    private const uint InvalidScanoutId = 0x1202; // VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID

    /// <summary>The answer; for a scanout that there is not, one that says so, because somebody waits for it.</summary>
    internal static byte[] For(uint scanout, IReadOnlyList<ScanoutSize> sizes)
    {
        byte[] bytes = new byte[Size];
        if (scanout >= sizes.Count)
        {
            ControlHeader.Write(bytes, InvalidScanoutId);
            return bytes;
        }

        ControlHeader.Write(bytes, OkEdid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ControlHeader.Size), EdidBlock.Size);
        EdidBlock.Of((int)scanout, sizes[(int)scanout]).CopyTo(bytes, ControlHeader.Size + 8);
        return bytes;
    }
}
