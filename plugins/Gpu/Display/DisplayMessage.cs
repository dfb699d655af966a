using System.Runtime.InteropServices;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>
/// The payloads of the display protocol: sizes in bytes, and their numbers, which are 32 bits wide in host byte order
/// (QEMU, docs/interop/vhost-user-gpu.rst, "VhostUserGpu..." structures).
/// </summary>
internal static class DisplayMessage
{
    /// <summary>The flags of an answer: bit 2 and nothing else, there is no version here.</summary>
    internal const uint ReplyFlags = 0x4;

    internal const int ProtocolFeatures = 8;
    internal const int Scanout = 12;
    internal const int CursorPos = 12;
    internal const int CursorUpdate = CursorPos + 8 + Cursor.Bytes;

    /// <summary>Scanout, x, y, width, height, before the pixels of an update.</summary>
    internal const int UpdateHeader = 20;
    internal const int DmabufScanout = 40;
    internal const int DmabufScanout2 = 48;
    internal const int DmabufUpdate = 20;
    internal const int GetEdid = 4;

    /// <summary>One of the numbers of a payload that has been found long enough.</summary>
    internal static uint Number(ReadOnlySpan<byte> payload, int index) => MemoryMarshal.Read<uint>(payload[(index * sizeof(uint))..]);

    /// <summary>Whether a payload has the size that is defined for its request; of an update, at least its header.</summary>
    internal static bool IsSize(DisplayRequest request, int bytes) => request switch
    {
        DisplayRequest.GetProtocolFeatures or DisplayRequest.GetDisplayInfo => bytes == 0,
        DisplayRequest.SetProtocolFeatures => bytes == ProtocolFeatures,
        DisplayRequest.CursorPos or DisplayRequest.CursorPosHide => bytes == CursorPos,
        DisplayRequest.CursorUpdate => bytes == CursorUpdate,
        DisplayRequest.Scanout => bytes == Scanout,
        DisplayRequest.Update => bytes >= UpdateHeader,
        DisplayRequest.DmabufScanout => bytes == DmabufScanout,
        DisplayRequest.DmabufUpdate => bytes == DmabufUpdate,
        DisplayRequest.GetEdid => bytes == GetEdid,
        DisplayRequest.DmabufScanout2 => bytes == DmabufScanout2,
        _ => false,
    };

    /// <summary>Whether the back-end waits for an answer.</summary>
    internal static bool IsAnswered(DisplayRequest request) =>
        request is DisplayRequest.GetProtocolFeatures or DisplayRequest.GetDisplayInfo or DisplayRequest.GetEdid or DisplayRequest.DmabufUpdate;
}
