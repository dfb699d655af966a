using XenDmHost.Host.Config;

namespace XenDmHost.Host.Guests;

/// <summary>A guest file that can be served: every device has its plugin's description, and all of it was checked.</summary>
/// <param name="File">The file.</param>
/// <param name="Devices">The devices, in the file's order.</param>
internal sealed record GuestPlan(GuestFile File, IReadOnlyList<PlannedDevice> Devices);
