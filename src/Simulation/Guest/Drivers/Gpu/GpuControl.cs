using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>
/// The control queue: one command at a time, each with a fence, whose number the answer must bear (virtio 1.3, 5.7.6.7).
/// </summary>
internal sealed class GpuControl(DeviceMemory memory, SplitVirtqueue queue)
{
    internal const int HeaderBytes = 24;
    private const uint FenceFlag = 1;
    private const uint FirstError = 0x1200;
    private const uint LastError = 0x12ff;

    private ulong _fence;

    /// <summary>A command that is answered with a status alone.</summary>
    internal void Do(GpuCode command, GpuPayload payload, GpuPayload? entries = null) =>
        Ask(command, payload, HeaderBytes, GpuCode.OkNoData, entries);

    /// <summary>A command with an answer of <paramref name="answerBytes"/>, its header among them; gives what follows the header.</summary>
    internal byte[] Ask(GpuCode command, GpuPayload payload, int answerBytes, GpuCode expected, GpuPayload? entries = null)
    {
        var (code, answer) = Send(command, payload.ToArray(), entries?.ToArray() ?? [], answerBytes);
        return code == expected ? answer : throw new DriverFailure($"{command} was answered with {Name(code)} instead of {expected}");
    }

    /// <summary>A command that cannot succeed: gives the error, and insists on one.</summary>
    internal GpuCode Refused(GpuCode command, GpuPayload payload)
    {
        var (code, _) = Send(command, payload.ToArray(), [], HeaderBytes);
        return (uint)code is >= FirstError and <= LastError
            ? code
            : throw new DriverFailure($"an impossible {command} was answered with {Name(code)} instead of an error");
    }

    private static string Name(GpuCode code) => Enum.IsDefined(code) ? code.ToString() : $"0x{(uint)code:x}";

    /// <summary>The header and its structure are one descriptor and an array behind them another, as Linux has it.</summary>
    private (GpuCode Code, byte[] Answer) Send(GpuCode command, byte[] payload, byte[] entries, int answerBytes)
    {
        var entriesAt = HeaderBytes + payload.Length;
        var answerAt = (entriesAt + entries.Length + 7) / 8 * 8;
        using var buffer = memory.Allocate(answerAt + answerBytes);
        buffer.WriteU32(0, (uint)command);
        buffer.WriteU32(4, FenceFlag);
        buffer.WriteU64(8, ++_fence);
        payload.CopyTo(buffer.Slice(HeaderBytes, payload.Length));
        entries.CopyTo(buffer.Slice(entriesAt, entries.Length));
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(buffer.Address, entriesAt)];
        if (entries.Length > 0)
        {
            segments.Add(BufferSegment.ForDeviceToRead(buffer.Address + (uint)entriesAt, entries.Length));
        }

        segments.Add(BufferSegment.ForDeviceToWrite(buffer.Address + (uint)answerAt, answerBytes));
        var queued = new VirtqueueRequest([.. segments]);
        queue.Submit(queued, DriverContext.RequestLimit);
        var written = queued.Wait(DriverContext.RequestLimit, $"{command}");
        return Read(command, buffer.Slice(answerAt, answerBytes), written);
    }

    private (GpuCode Code, byte[] Answer) Read(GpuCode command, ReadOnlySpan<byte> answer, uint written)
    {
        var code = (GpuCode)BinaryPrimitives.ReadUInt32LittleEndian(answer);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(answer[4..]);
        var fence = BinaryPrimitives.ReadUInt64LittleEndian(answer[8..]);
        if (written < HeaderBytes || ((uint)code < FirstError && written != answer.Length))
        {
            throw new DriverFailure($"{command} was answered with {written} bytes ({Name(code)})");
        }

        return (flags & FenceFlag) != 0 && fence == _fence
            ? (code, answer[HeaderBytes..].ToArray())
            : throw new DriverFailure($"{command} with fence {_fence} was answered with flags 0x{flags:x} and fence {fence}");
    }
}
