using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>A queue of questions: one buffer for the device to read, one for it to write, one question at a time.</summary>
internal sealed class RequestQueue(DeviceMemory memory, SplitVirtqueue queue)
{
    /// <summary>Asks, and gives as much of the answer as the device says it wrote.</summary>
    /// <exception cref="DriverFailure">No answer came within the limit, or the queue broke.</exception>
    internal byte[] Ask(ReadOnlySpan<byte> question, int answerBytes, string what)
    {
        var answerAt = (question.Length + 7) & ~7;
        var buffer = memory.Allocate(answerAt + answerBytes);
        question.CopyTo(buffer.Span);
        buffer.Slice(answerAt, answerBytes).Fill(0xee);
        var request = new VirtqueueRequest(
            BufferSegment.ForDeviceToRead(buffer.Address, question.Length),
            BufferSegment.ForDeviceToWrite(buffer.Address + (uint)answerAt, answerBytes));
        queue.Submit(request, DriverContext.RequestLimit);
        var written = request.Wait(DriverContext.RequestLimit, what);
        var answer = buffer.Slice(answerAt, (int)Math.Min(written, answerBytes)).ToArray();
        buffer.Dispose();
        return answer;
    }
}
