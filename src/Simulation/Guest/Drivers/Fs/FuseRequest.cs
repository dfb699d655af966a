using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>
/// One FUSE request in a buffer of its own: struct fuse_in_header, arguments and data for the device to read; struct
/// fuse_out_header and room for the answer to write (virtio 1.3, 5.11.6.1).
/// </summary>
internal sealed class FuseRequest : IDisposable
{
    private const int InHeaderBytes = 40;
    private const int OutHeaderBytes = 16;

    private readonly DmaBuffer _buffer;
    private readonly ulong _unique;
    private readonly int _answerOffset;
    private readonly string _what;

    /// <param name="memory">Where the buffer comes from.</param>
    /// <param name="opcode">What to do.</param>
    /// <param name="unique">A number that no other request of the session has.</param>
    /// <param name="node">The file or folder.</param>
    /// <param name="arguments">What the opcode takes.</param>
    /// <param name="answer">The most bytes of an answer, or null for a request without one.</param>
    internal FuseRequest(DeviceMemory memory, FuseOpcode opcode, ulong unique, ulong node, ReadOnlySpan<byte> arguments, int? answer)
    {
        var length = InHeaderBytes + arguments.Length;
        _answerOffset = (length + GuestMemory.PageSize - 1) / GuestMemory.PageSize * GuestMemory.PageSize;
        _buffer = memory.Allocate(_answerOffset + OutHeaderBytes + (answer ?? 0));
        _unique = unique;
        _what = $"{opcode} of node {node}";
        _buffer.WriteU32(0, (uint)length);
        _buffer.WriteU32(4, (uint)opcode);
        _buffer.WriteU64(8, unique);
        _buffer.WriteU64(16, node);
        arguments.CopyTo(_buffer.Slice(InHeaderBytes, arguments.Length));
        Queued = new VirtqueueRequest(Segments(arguments.Length, answer));
    }

    internal VirtqueueRequest Queued { get; }

    /// <summary>Waits for the answer, and insists that it is one to this request.</summary>
    internal FuseReply Wait()
    {
        var written = (int)Queued.Wait(DriverContext.RequestLimit, _what);
        var answer = _buffer.Slice(_answerOffset, written);
        if (written < OutHeaderBytes)
        {
            throw new DriverFailure($"{_what} was answered with {written} bytes, which is less than a header");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(answer);
        var error = BinaryPrimitives.ReadInt32LittleEndian(answer[4..]);
        var unique = BinaryPrimitives.ReadUInt64LittleEndian(answer[8..]);
        return length == written && unique == _unique && error <= 0
            ? new FuseReply(_what, -error, answer[OutHeaderBytes..].ToArray())
            : throw new DriverFailure($"{_what}, number {_unique}: an answer of {written} bytes says that it has {length}, number {unique}, error {error}");
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>Headers apart from what follows them, as Linux does it.</summary>
    private BufferSegment[] Segments(int arguments, int? answer)
    {
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(_buffer.Address, InHeaderBytes)];
        if (arguments > 0)
        {
            segments.Add(BufferSegment.ForDeviceToRead(_buffer.Address + InHeaderBytes, arguments));
        }

        if (answer is { } room)
        {
            segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + (uint)_answerOffset, OutHeaderBytes));
            if (room > 0)
            {
                segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + (uint)_answerOffset + OutHeaderBytes, room));
            }
        }

        return [.. segments];
    }
}
