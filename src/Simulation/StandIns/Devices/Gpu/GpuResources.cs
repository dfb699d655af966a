using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>The resources of one device and the commands that make, fill and drop them, each with QEMU's order of checks.</summary>
internal sealed class GpuResources
{
    private const int EntrySize = 16, MostEntries = 16384;
    private const ulong LargestBytes = 256 << 20;

    // B8G8R8A8, B8G8R8X8, A8R8G8B8, X8R8G8B8, R8G8B8A8, X8B8G8R8, A8B8G8R8, R8G8B8X8 (virtio 1.3, 5.7.6.8).
    private static readonly HashSet<uint> Formats = [1, 2, 3, 4, 67, 68, 121, 134];

    private readonly Dictionary<uint, GpuResource> _resources = [];

    internal GpuResource? Find(uint id) => _resources.GetValueOrDefault(id);

    /// <summary>struct virtio_gpu_resource_create_2d.</summary>
    internal GpuStatus Create(ReadOnlySpan<byte> body)
    {
        (uint id, uint format, uint width, uint height) = (U32(body, 0), U32(body, 4), U32(body, 8), U32(body, 12));
        if (id == 0 || _resources.ContainsKey(id)) return GpuStatus.InvalidResourceId;
        if (!Formats.Contains(format)) return GpuStatus.InvalidParameter;
        if (width == 0 || height == 0 || (UInt128)width * height * GpuResource.PixelSize > LargestBytes) return GpuStatus.OutOfMemory;
        _resources.Add(id, new(width, height));
        return GpuStatus.OkNoData;
    }

    internal void Remove(uint id) => _resources.Remove(id);

    /// <summary>struct virtio_gpu_resource_attach_backing and its entries, every one of which must lie in the guest's memory.</summary>
    internal GpuStatus Attach(ReadOnlySpan<byte> body, Chain chain, int entriesAt)
    {
        if (Find(U32(body, 0)) is not { } resource) return GpuStatus.InvalidResourceId;
        uint count = U32(body, 4);
        if (count > MostEntries || resource.Backing is not null) return GpuStatus.Unspecified;
        byte[] wire = new byte[count * EntrySize];
        if (!chain.Readable.TryRead(entriesAt, wire)) return GpuStatus.Unspecified;
        resource.Backing = chain.Borrow(ReadEntries(wire));
        return resource.Backing is null ? GpuStatus.Unspecified : GpuStatus.OkNoData;
    }

    internal GpuStatus Detach(ReadOnlySpan<byte> body)
    {
        if (Find(U32(body, 0)) is not { Backing: not null } resource) return GpuStatus.InvalidResourceId;
        resource.Backing = null;
        return GpuStatus.OkNoData;
    }

    /// <summary>struct virtio_gpu_transfer_to_host_2d.</summary>
    internal GpuStatus Transfer(ReadOnlySpan<byte> body)
    {
        GpuRectangle rectangle = GpuRectangle.Read(body);
        if (Find(U32(body, 24)) is not { Backing: not null } resource) return GpuStatus.InvalidResourceId;
        if (!rectangle.FitsInto(resource.Width, resource.Height)) return GpuStatus.InvalidParameter;
        resource.Transfer(rectangle, BinaryPrimitives.ReadUInt64LittleEndian(body[GpuRectangle.Size..]));
        return GpuStatus.OkNoData;
    }

    private static List<GuestRange> ReadEntries(ReadOnlySpan<byte> wire)
    {
        List<GuestRange> ranges = [];
        for (; wire.Length > 0; wire = wire[EntrySize..]) ranges.Add(new(BinaryPrimitives.ReadUInt64LittleEndian(wire), U32(wire, 8)));
        return ranges;
    }

    private static uint U32(ReadOnlySpan<byte> wire, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(wire[offset..]);
}
