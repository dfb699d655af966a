using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using XenDmHost.Abstractions;
using XenDmHost.Plugins.Gpu.Edid;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>
/// The display side of the protocol between a vhost-user-gpu back-end and whoever shows its pictures. Every request that
/// waits for an answer gets one. Numbers that make no sense for this device (a scanout that it does not have, a rectangle
/// outside the picture) come from the guest, so they are ignored; a payload of the wrong size is the back-end's own fault.
/// </summary>
internal sealed class DisplayHandler : ISideChannelHandler
{
    /// <summary>Bit 0, EDID. Not bit 1, DMABUF2: what cannot be read needs no modifier.</summary>
    private const ulong ProtocolFeatures = 0x1;

    private readonly Screens _screens;
    private readonly IReadOnlyList<ScanoutSize> _sizes;
    private readonly ILogger _log;
    private bool _saidDmabuf;

    internal DisplayHandler(Screens screens, IReadOnlyList<ScanoutSize> sizes, ILogger log)
    {
        _screens = screens;
        _sizes = sizes;
        _log = log;

        // A back-end that has just come shows nothing yet, whatever the one before it showed.
        screens.TurnOff();
    }

    public SideChannelOutcome Receive(SideChannelMessage message)
    {
        DisplayRequest request = (DisplayRequest)message.Request;
        if (!Enum.IsDefined(request))
        {
            return SideChannelOutcome.Violation($"request {message.Request} is unknown; known are 1 to 12");
        }

        // The flags are not looked at: vhost-user-gpu leaves those of an update as it found them in its memory.
        return DisplayMessage.IsSize(request, message.Payload.Length)
            ? Handle(request, message.Payload)
            : SideChannelOutcome.Violation($"request {request} has {message.Payload.Length} bytes of payload, which is not its size");
    }

    public void Dispose() => _screens.TurnOff();

    private SideChannelOutcome Handle(DisplayRequest request, ReadOnlySpan<byte> payload)
    {
        switch (request)
        {
            case DisplayRequest.GetProtocolFeatures:
                return Reply(BitConverter.GetBytes(ProtocolFeatures));
            case DisplayRequest.SetProtocolFeatures:
                return CheckFeatures(MemoryMarshal.Read<ulong>(payload));
            case DisplayRequest.GetDisplayInfo:
                return Reply(DisplayInfo.Of(_sizes));
            case DisplayRequest.GetEdid:
                return Reply(EdidReply.For(DisplayMessage.Number(payload, 0), _sizes));
            case DisplayRequest.DmabufScanout or DisplayRequest.DmabufScanout2:
                ShareScanout(payload);
                return SideChannelOutcome.Done;
            case DisplayRequest.DmabufUpdate:
                return Reply([]);
            case DisplayRequest.Update:
                return Update(payload);
            default:
                Show(request, payload);
                return SideChannelOutcome.Done;
        }
    }

    private void Show(DisplayRequest request, ReadOnlySpan<byte> payload)
    {
        uint scanout = DisplayMessage.Number(payload, 0), first = DisplayMessage.Number(payload, 1), second = DisplayMessage.Number(payload, 2);
        switch (request)
        {
            case DisplayRequest.Scanout:
                _screens.Resize(scanout, first, second);
                break;
            case DisplayRequest.CursorPos or DisplayRequest.CursorPosHide:
                _screens.MoveCursor(scanout, first, second, visible: request == DisplayRequest.CursorPos);
                break;
            case DisplayRequest.CursorUpdate:
                _screens.SetCursor(scanout, payload[^Cursor.Bytes..]);
                _screens.MoveCursor(scanout, first, second, visible: true);
                break;
        }
    }

    private SideChannelOutcome Update(ReadOnlySpan<byte> payload)
    {
        uint width = DisplayMessage.Number(payload, 3), height = DisplayMessage.Number(payload, 4);
        ReadOnlySpan<byte> pixels = payload[DisplayMessage.UpdateHeader..];
        if ((ulong)width * height > Screens.MaxPixels || (ulong)pixels.Length != (ulong)width * height * Screens.BytesPerPixel)
        {
            return SideChannelOutcome.Violation($"an update of {width}x{height} pixels came with {pixels.Length} bytes");
        }

        _screens.Update(
            DisplayMessage.Number(payload, 0), DisplayMessage.Number(payload, 1), DisplayMessage.Number(payload, 2), (int)width, (int)height, pixels);
        return SideChannelOutcome.Done;
    }

    /// <summary>The buffer itself is closed by the host, since nobody takes it.</summary>
    private void ShareScanout(ReadOnlySpan<byte> payload)
    {
        uint width = DisplayMessage.Number(payload, 3), height = DisplayMessage.Number(payload, 4);
        _screens.Share(DisplayMessage.Number(payload, 0), width, height);
        if (!_saidDmabuf && width != 0 && height != 0)
        {
            _saidDmabuf = true;
            _log.LogWarning("the back-end shares its pictures as dmabufs, which are not read: a screenshot shows nothing; a back-end without a render node sends the pixels");
        }
    }

    private static SideChannelOutcome CheckFeatures(ulong features) => (features & ~ProtocolFeatures) == 0
        ? SideChannelOutcome.Done
        : SideChannelOutcome.Violation($"protocol features 0x{features:x} were set; 0x{ProtocolFeatures:x} were offered");

    private static SideChannelOutcome Reply(byte[] payload) => SideChannelOutcome.Reply(DisplayMessage.ReplyFlags, payload);
}
