using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>The scanouts, and what the front-end is told about them: sizes and pixels, or descriptors and changes.</summary>
internal sealed class GpuScreens(GpuChannel channel, GpuResources resources, bool dmabuf) : IDisposable
{
    private const int MostScanouts = 16;

    private readonly GpuScanout?[] _scanouts = new GpuScanout?[MostScanouts];

    /// <summary>struct virtio_gpu_set_scanout; resource 0 switches the scanout off.</summary>
    internal GpuStatus Set(ReadOnlySpan<byte> body)
    {
        GpuRectangle part = GpuRectangle.Read(body);
        (uint id, uint resourceId) = (U32(body, 16), U32(body, 20));
        if (id >= MostScanouts) return GpuStatus.InvalidScanoutId;
        if (resourceId == 0)
        {
            Disable(id);
            return GpuStatus.OkNoData;
        }
        if (resources.Find(resourceId) is not { } resource) return GpuStatus.InvalidResourceId;
        if (!part.FitsInto(resource.Width, resource.Height)) return GpuStatus.InvalidParameter;
        Show(id, resourceId, resource, part);
        return GpuStatus.OkNoData;
    }

    /// <summary>struct virtio_gpu_resource_unref: what it was shown on goes dark first.</summary>
    internal GpuStatus Unref(ReadOnlySpan<byte> body)
    {
        uint resourceId = U32(body, 0);
        if (resources.Find(resourceId) is null) return GpuStatus.InvalidResourceId;
        for (uint id = 0; id < MostScanouts; id++)
        {
            if (_scanouts[id]?.ResourceId == resourceId) Disable(id);
        }
        resources.Remove(resourceId);
        return GpuStatus.OkNoData;
    }

    /// <summary>struct virtio_gpu_resource_flush: each scanout gets the part of the rectangle that it shows.</summary>
    internal GpuStatus Flush(ReadOnlySpan<byte> body)
    {
        GpuRectangle rectangle = GpuRectangle.Read(body);
        uint resourceId = U32(body, GpuRectangle.Size);
        if (resources.Find(resourceId) is not { } resource) return GpuStatus.InvalidResourceId;
        if (!rectangle.FitsInto(resource.Width, resource.Height)) return GpuStatus.InvalidParameter;
        for (uint id = 0; id < MostScanouts; id++)
        {
            if (_scanouts[id] is { } scanout && scanout.ResourceId == resourceId) Update(id, scanout, resource, rectangle);
        }
        return GpuStatus.OkNoData;
    }

    public void Dispose()
    {
        foreach (GpuScanout? scanout in _scanouts) scanout?.Dispose();
    }

    private void Show(uint id, uint resourceId, GpuResource resource, GpuRectangle part)
    {
        _scanouts[id]?.Dispose();
        FileDescriptor? shared = dmabuf ? Memfd.Create("scanout", Math.Max(resource.Pixels.Length, 1), @sealed: true) : null;
        _scanouts[id] = new(resourceId, part, shared);
        if (shared is null) channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(id, part.Width, part.Height));
        else channel.Tell(SideRequest.DMABUF_SCANOUT, GpuMessages.DmabufScanout(id, part, resource), shared);
    }

    private void Disable(uint id)
    {
        if (_scanouts[id] is null) return;
        _scanouts[id]!.Dispose();
        _scanouts[id] = null;
        channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(id, 0, 0));
    }

    private void Update(uint id, GpuScanout scanout, GpuResource resource, GpuRectangle flushed)
    {
        GpuRectangle changed = flushed.Intersect(scanout.Rectangle);
        GpuRectangle at = changed with { X = changed.X - scanout.Rectangle.X, Y = changed.Y - scanout.Rectangle.Y };
        if (scanout.Shared is { } shared) UpdateShared(id, shared, resource, at);
        else UpdatePixels(id, resource, changed, at);
    }

    private void UpdatePixels(uint id, GpuResource resource, GpuRectangle changed, GpuRectangle at)
    {
        byte[] update = GpuMessages.Update(id, at, (int)(changed.Width * changed.Height) * GpuResource.PixelSize);
        resource.CopyOut(changed, update.AsSpan(GpuMessages.UpdateHeaderSize));
        channel.Tell(SideRequest.UPDATE, update);
    }

    /// <summary>Nothing else is done until the front-end has taken over what is in the descriptor.</summary>
    private void UpdateShared(uint id, FileDescriptor shared, GpuResource resource, GpuRectangle at)
    {
        using (Mapping mapping = Mapping.Map(shared, 0, resource.Pixels.Length, writable: true)) resource.Pixels.CopyTo(mapping.Span);
        channel.Ask(SideRequest.DMABUF_UPDATE, GpuMessages.Words(id, at.X, at.Y, at.Width, at.Height));
        channel.ReadAnswer(size: 0);
    }

    private static uint U32(ReadOnlySpan<byte> wire, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(wire[offset..]);
}
