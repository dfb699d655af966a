using System.Buffers.Binary;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>struct virtio_gpu_ctrl_hdr (virtio 1.3, 5.7.6.7): the type, and 20 bytes that the back-end fills.</summary>
internal static class ControlHeader
{
    internal const int Size = 24;

    internal static void Write(Span<byte> bytes, uint type) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, type);
}
