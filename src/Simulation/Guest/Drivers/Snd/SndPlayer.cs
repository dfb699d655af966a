using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>The tx queue: periods of PCM, several in flight, each given back with a status and a latency.</summary>
internal sealed class SndPlayer
{
    private const int HeaderBytes = 4;
    private const int StatusBytes = 8;
    private const int MostInFlight = 8;

    private readonly SplitVirtqueue _queue;
    private readonly DmaBuffer[] _buffers;
    private readonly VirtqueueRequest?[] _sent;
    private readonly int _stream;
    private readonly int _periodBytes;

    internal SndPlayer(DeviceMemory memory, SplitVirtqueue queue, int stream, int periodBytes)
    {
        _queue = queue;
        _stream = stream;
        _periodBytes = periodBytes;
        InFlight = Math.Clamp(queue.Size / 4, 1, MostInFlight);
        _buffers = [.. Enumerable.Range(0, InFlight).Select(_ => memory.Allocate(StatusOffset + StatusBytes))];
        _sent = new VirtqueueRequest?[InFlight];
    }

    internal int InFlight { get; }

    /// <summary>Sends a period in the buffer that was sent longest ago, when the device has given that back.</summary>
    internal void Send(int number, ReadOnlySpan<byte> period)
    {
        var slot = number % InFlight;
        WaitFor(slot);
        var buffer = _buffers[slot];
        BinaryPrimitives.WriteInt32LittleEndian(buffer.Span, _stream);
        period.CopyTo(buffer.Slice(HeaderBytes, period.Length));
        buffer.Slice(StatusOffset, StatusBytes).Fill(0xff);
        var request = new VirtqueueRequest(
            BufferSegment.ForDeviceToRead(buffer.Address, HeaderBytes),
            BufferSegment.ForDeviceToRead(buffer.Address + HeaderBytes, period.Length),
            BufferSegment.ForDeviceToWrite(buffer.Address + (uint)StatusOffset, StatusBytes));
        _sent[slot] = request;
        _queue.Submit(request, DriverContext.RequestLimit);
    }

    /// <summary>Waits until the device has given every period back.</summary>
    internal void Drain()
    {
        for (var slot = 0; slot < InFlight; slot++)
        {
            WaitFor(slot);
        }
    }

    private int StatusOffset => (HeaderBytes + _periodBytes + 3) & ~3;

    private void WaitFor(int slot)
    {
        if (_sent[slot] is not { } request)
        {
            return;
        }

        request.Wait(DriverContext.RequestLimit, $"a period of {_periodBytes} bytes");
        var status = _buffers[slot].ReadU32(StatusOffset);
        if (status != (uint)SndCode.Ok)
        {
            throw new DriverFailure($"a period of PCM ended with status 0x{status:x} instead of OK");
        }

        _sent[slot] = null;
    }
}
