using XenDmHost.Simulation.Guest.Drivers;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>
/// Drives every device, all of them at once. When the guest is to wait, a device that asks for a reset is reset and driven
/// again, for as long as the guest lives.
/// </summary>
internal sealed class DriveWorkload(Machine machine, DriverOptions options, Action<DeviceOutcome> report, CancellationToken stop)
{
    /// <summary>True when the last run of every device held.</summary>
    internal bool Run(IReadOnlyList<GuestDevice> devices, bool wait)
    {
        var held = new bool[devices.Count];
        GuestThread.RunAll(machine, "device", devices.Count, i => held[i] = wait ? DriveAndWait(devices[i]) : DriveOnce(devices[i]));
        return held.All(ok => ok);
    }

    private bool DriveOnce(GuestDevice device)
    {
        using var session = new DeviceSession(device, machine, options);
        var outcome = session.Remove(session.Drive(run: 1));
        report(outcome);
        return outcome.Ok;
    }

    private bool DriveAndWait(GuestDevice device)
    {
        for (var run = 1; ; run++)
        {
            using var session = new DeviceSession(device, machine, options);
            var outcome = session.Drive(run);
            report(outcome);
            if (WaitHandle.WaitAny([stop.WaitHandle, session.NeedsReset]) == 0)
            {
                return outcome.Ok;
            }

            session.Remove(outcome);
        }
    }
}
