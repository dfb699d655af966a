using System.Buffers.Binary;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>The cursor queue: struct virtio_gpu_update_cursor becomes a message; the driver gets nothing back.</summary>
internal sealed class GpuPointer(GpuChannel channel, GpuResources resources)
{
    internal const int RequestSize = 56;
    private const int PositionAt = 24, ResourceAt = 40, HotSpotAt = 44;

    internal void Serve(ReadOnlySpan<byte> request)
    {
        ReadOnlySpan<byte> position = request.Slice(PositionAt, GpuMessages.PositionSize);
        uint resource = BinaryPrimitives.ReadUInt32LittleEndian(request[ResourceAt..]);
        switch ((GpuCommand)BinaryPrimitives.ReadUInt32LittleEndian(request))
        {
            case GpuCommand.MoveCursor:
                channel.Tell(resource == 0 ? SideRequest.CURSOR_POS_HIDE : SideRequest.CURSOR_POS, position);
                break;
            case GpuCommand.UpdateCursor:
                channel.Tell(SideRequest.CURSOR_UPDATE, [.. position, .. request.Slice(HotSpotAt, 8), .. Image(resource)]);
                break;
        }
    }

    /// <summary>A resource that is not there or has another size makes a cursor that nobody sees.</summary>
    private ReadOnlySpan<byte> Image(uint resource) =>
        resources.Find(resource) is { Width: GpuMessages.CursorSize, Height: GpuMessages.CursorSize } found
            ? found.Pixels
            : new byte[GpuMessages.CursorBytes];
}
