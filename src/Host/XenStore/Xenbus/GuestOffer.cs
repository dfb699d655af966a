using System.Globalization;

namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>What the guest's end publishes in its own folder before it says Initialised.</summary>
/// <param name="EventChannel">A port of the guest, for its interrupt.</param>
/// <param name="Base">Where the guest wants the register window, if it chose the place itself.</param>
internal readonly record struct GuestOffer(uint EventChannel, ulong? Base)
{
    /// <summary>The highest port number that Xen's FIFO event channels have (EVTCHN_FIFO_NR_CHANNELS - 1).</summary>
    internal const uint HighestPort = (1 << 17) - 1;

    /// <summary>The size of the window that we serve, in bytes.</summary>
    internal const ulong WindowSize = 0x200;

    /// <summary>Reads the guest's folder; every word in it is the guest's and may be anything.</summary>
    /// <returns>TimedOut or Disconnected when the store gave no answer, else None.</returns>
    internal static XenStoreError TryRead(XenStoreOperations store, string folder, out GuestOffer offer, out string problem)
    {
        offer = default;
        problem = "";
        XenStoreResult<string> channel = store.Read($"{folder}/event-channel");
        if (IsSilence(channel.Error)) return channel.Error;
        XenStoreResult<string> place = store.Read($"{folder}/base");
        if (IsSilence(place.Error)) return place.Error;
        XenStoreResult<string> size = store.Read($"{folder}/size");
        if (IsSilence(size.Error)) return size.Error;
        if (!channel.Ok) problem = $"{folder}/event-channel is missing: the guest's driver must write it before it says Initialised";
        else if (!TryParsePort(channel.Value, out uint port)) problem = $"{folder}/event-channel: {Shown(channel.Value)} is no port; expected 1 to {HighestPort} in decimal";
        else if (place.Ok && !TryParseBase(place.Value, out _)) problem = $"{folder}/base: {Shown(place.Value)} is no address of a window; expected a multiple of 0x{WindowSize:x} above 0, such as 0xfd000000";
        else if (size.Ok && !(StoreNumber.TryParseSize(size.Value, out ulong bytes) && bytes >= WindowSize)) problem = $"{folder}/size: {Shown(size.Value)} is no size of a window; expected 0x{WindowSize:x} or more";
        else offer = new GuestOffer(port, place.Ok && TryParseBase(place.Value, out ulong address) ? address : null);
        return XenStoreError.None;
    }

    /// <summary>Plain decimal: no sign, no blank, no leading zero.</summary>
    internal static bool TryParsePort(string text, out uint port) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is >= 1 and <= HighestPort && text[0] != '0'
        && text.All(char.IsAsciiDigit);     // The parser lets NULs at the end pass.

    private static bool TryParseBase(string text, out ulong address) =>
        StoreNumber.TryParse(text, out address) && address != 0 && address % WindowSize == 0 && address <= ulong.MaxValue - WindowSize + 1;

    private static bool IsSilence(XenStoreError error) => error is XenStoreError.TimedOut or XenStoreError.Disconnected;

    /// <summary>The guest's words in a line of ours: short, and without characters that would make more of it than a line.</summary>
    private static string Shown(string text)
    {
        string head = text.Length > 24 ? text[..24] + "..." : text;
        return $"'{string.Concat(head.Select(c => c is >= ' ' and < '\x7f' ? c : '?'))}'";
    }
}
