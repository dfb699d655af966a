namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>
/// A 2D resource of 4 bytes a pixel, its backing scattered over the guest's memory in pieces of a few pages, in no order.
/// </summary>
internal sealed class GpuSurface
{
    private const int MostPagesOfAPiece = 16;

    private readonly GpuControl _control;
    private readonly List<(DmaBuffer Buffer, int Bytes)> _pieces = [];
    private readonly int _width;

    internal GpuSurface(GpuControl control, DeviceMemory memory, Random random, uint id, GpuFormat format, int width, int height)
    {
        _control = control;
        _width = width;
        Id = id;
        control.Do(GpuCode.ResourceCreate2D, new GpuPayload().U32(id).U32((uint)format).U32((uint)width).U32((uint)height));
        Allocate(memory, random, width * height * GpuPicture.PixelBytes);
        var entries = new GpuPayload();
        _pieces.ForEach(piece => entries.U64(piece.Buffer.Address).U32((uint)piece.Bytes).U32(0));
        control.Do(GpuCode.ResourceAttachBacking, new GpuPayload().U32(id).U32((uint)_pieces.Count), entries);
    }

    internal uint Id { get; }

    /// <summary>Pieces of the backing.</summary>
    internal int Entries => _pieces.Count;

    /// <summary>Draws one rectangle of a picture and shows it, as Linux does for what was damaged.</summary>
    internal void Draw(GpuPicture picture, GpuRect rect, bool patched)
    {
        var row = new byte[_width * GpuPicture.PixelBytes];
        for (var y = rect.Y; y < rect.Y + rect.Height; y++)
        {
            picture.FillRow(row, y, patched);
            Write(Offset(rect.X, y), row.AsSpan(rect.X * GpuPicture.PixelBytes, rect.Width * GpuPicture.PixelBytes));
        }

        Transfer(rect);
        Flush(rect);
    }

    internal void Write(int offset, ReadOnlySpan<byte> data)
    {
        foreach (var (buffer, bytes) in _pieces)
        {
            var take = Math.Clamp(bytes - offset, 0, data.Length);
            if (take > 0)
            {
                data[..take].CopyTo(buffer.Slice(offset, take));
                data = data[take..];
            }

            offset = Math.Max(0, offset - bytes);
        }
    }

    internal void Transfer(GpuRect rect) => _control.Do(
        GpuCode.TransferToHost2D, new GpuPayload().Rect(rect).U64((ulong)Offset(rect.X, rect.Y)).U32(Id).U32(0));

    internal void Flush(GpuRect rect) => _control.Do(GpuCode.ResourceFlush, new GpuPayload().Rect(rect).U32(Id).U32(0));

    internal void ShowOn(int scanout, GpuRect rect) =>
        _control.Do(GpuCode.SetScanout, new GpuPayload().Rect(rect).U32((uint)scanout).U32(Id));

    /// <summary>Takes the resource away from the device and gives its memory back.</summary>
    internal void Destroy()
    {
        _control.Do(GpuCode.ResourceDetachBacking, new GpuPayload().U32(Id).U32(0));
        _control.Do(GpuCode.ResourceUnref, new GpuPayload().U32(Id).U32(0));
        _pieces.ForEach(piece => piece.Buffer.Dispose());
    }

    private int Offset(int x, int y) => ((y * _width) + x) * GpuPicture.PixelBytes;

    private void Allocate(DeviceMemory memory, Random random, int bytes)
    {
        List<DmaBuffer> buffers = [];
        for (var done = 0; done < bytes;)
        {
            var buffer = memory.Allocate(random.Next(1, MostPagesOfAPiece + 1) * GuestMemory.PageSize);
            buffers.Add(buffer);
            done += buffer.Length;
        }

        var shuffled = buffers.ToArray();
        random.Shuffle(shuffled);
        foreach (var buffer in shuffled)
        {
            var take = Math.Min(buffer.Length, bytes);
            bytes -= take;
            _pieces.Add((buffer, take));
        }

        // After the shuffle the last one may not be needed.
        _pieces.RemoveAll(piece => piece.Bytes == 0);
    }
}
