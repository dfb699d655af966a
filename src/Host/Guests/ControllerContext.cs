using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Notify;

namespace XenDmHost.Host.Guests;

/// <summary>What a device's controller works with; shared by the devices of a guest.</summary>
internal sealed record ControllerContext
{
    internal required IDomain Domain { get; init; }

    internal required IAnswer Answer { get; init; }

    /// <summary>Returns when each access that was being answered at the call is answered or held.</summary>
    internal required Action Synchronize { get; init; }

    internal required CallRelay Relay { get; init; }

    internal required DeviceLimits Limits { get; init; }

    internal required IDeviceEvents Events { get; init; }

    internal required DaemonLauncher Launcher { get; init; }

    internal required ILogger Log { get; init; }

    /// <summary>Whether guest memory is Xen's: then a back-end must map it Xen's way.</summary>
    internal required bool IsXen { get; init; }

    /// <summary>Whether an earlier host served the device, whose driver goes by a state that is lost.</summary>
    internal required bool StateIsLost { get; init; }
}
