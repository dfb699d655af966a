using System.Runtime.InteropServices;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>What a device showed to its guest when it was saved; the bytes of its configuration space follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SavedOffer
{
    internal ulong Features;

    /// <summary>0: nothing was shown yet.</summary>
    internal uint DeviceId;

    internal uint VendorId;
    internal uint ConfigGeneration;

    /// <summary>In bytes.</summary>
    internal uint ConfigSize;
}
