using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Gpio;

/// <summary>
/// The event queue (virtio 1.2, 5.18.7), there only with VIRTIO_GPIO_F_IRQ: a buffer waits for a line's interrupt, and comes
/// back when it happened, or when the interrupt was turned off.
/// </summary>
internal sealed class GpioInterrupts(DriverContext context, GpioRequests requests, SplitVirtqueue queue)
{
    private const int StatusAt = 8;
    private const uint TypeNone = 0;
    private const uint RisingEdge = 1;
    private const byte StatusValid = 1;

    /// <summary>
    /// Arms a line for a rising edge, makes one on another, waits for the interrupt where a wire leads from one to the
    /// other, and turns it off, which brings the buffer back in any case. Gives the interrupts that came: 0 or 1.
    /// </summary>
    internal int CountAtEdge(int output, int input)
    {
        requests.SetValue(output, 0);
        requests.SetDirection(output, GpioDirection.Out);
        requests.SetDirection(input, GpioDirection.In);
        requests.Ask(GpioCode.IrqType, input, RisingEdge);
        var buffer = context.Memory.Allocate(StatusAt + 1);
        buffer.WriteU16(0, (ushort)input);
        var armed = new VirtqueueRequest(
            BufferSegment.ForDeviceToRead(buffer.Address, 2), BufferSegment.ForDeviceToWrite(buffer.Address + StatusAt, 1));
        queue.Submit(armed, DriverContext.RequestLimit);
        var isWired = Reads(input, 0);
        requests.SetValue(output, 1);
        if (isWired && Reads(input, 1))
        {
            armed.Wait(DriverContext.RequestLimit, $"the interrupt of line {input}");
        }

        requests.Ask(GpioCode.IrqType, input, TypeNone);
        armed.Wait(DriverContext.RequestLimit, $"the event buffer of line {input}");
        var status = buffer.Span[StatusAt];
        buffer.Dispose();
        return status == StatusValid ? 1 : 0;
    }

    /// <summary>An input that nothing drives may have no level at all.</summary>
    private bool Reads(int line, byte level) => requests.TryAsk(GpioCode.GetValue, line) is [var read] && read == level;
}
