using XenDmHost.Simulation.Guest.Drivers;
using XenDmHost.Simulation.Guest.Xenbus;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>
/// Finds the devices on xenbus as they are attached and drives each of them, all at once. A driver may be unbound and bound
/// again; when the guest is to wait, a device that is removed is let go of and the next one of its number is awaited.
/// </summary>
internal sealed class XenbusWorkload(
    Machine machine, Func<int, XenbusDriver> driverOf, DriverOptions options, Action<DeviceOutcome> report, TimeSpan bootLimit, CancellationToken stop)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(30);

    /// <summary>True when the last run of every device held.</summary>
    internal bool Run(int devices, int rebinds, bool wait)
    {
        var held = new bool[devices];
        GuestThread.RunAll(machine, "device", devices, i => held[i] = wait ? DriveAndWait(i, rebinds) : DriveOften(i, rebinds, run: 1).Ok);
        return held.All(ok => ok);
    }

    private bool DriveAndWait(int id, int rebinds)
    {
        var last = true;
        for (var run = 1; WaitUntilAttached(id, Timeout.InfiniteTimeSpan); run += rebinds + 1)
        {
            using var driver = driverOf(id);
            if (rebinds > 0) DriveOften(id, rebinds - 1, run);
            last = DriveUntilRemoved(driver, id, run + rebinds);
            if (stop.IsCancellationRequested) return last;
        }

        return last;
    }

    private DeviceOutcome DriveOften(int id, int rebinds, int run)
    {
        if (!WaitUntilAttached(id, bootLimit))
        {
            return Told(new DeviceOutcome(new GuestDevice(id, 0, 0), run) { Error = $"nobody attached the device within {bootLimit.TotalSeconds:0.#} s" });
        }

        DeviceOutcome outcome;
        using var driver = driverOf(id);
        do
        {
            outcome = Told(Drive(driver, id, run++, session: null));
        }
        while (outcome.Ok && rebinds-- > 0);
        return outcome;
    }

    private bool DriveUntilRemoved(XenbusDriver driver, int id, int run)
    {
        var outcome = Drive(driver, id, run, session =>
        {
            Told(session.Outcome);
            WaitHandle.WaitAny([stop.WaitHandle, driver.RemovalAsked, session.Device.NeedsReset]);
        });
        if (!outcome.Ok && outcome.DeviceId is null) Told(outcome);

        // A device that the other end has closed is bound again when it is attached anew, not before.
        while (driver.RemovalAsked.WaitOne(0) && !stop.IsCancellationRequested && !driver.WaitUntilDetached(Step))
        {
        }

        return outcome.Ok;
    }

    private DeviceOutcome Drive(XenbusDriver driver, int id, int run, Action<(DeviceSession Device, DeviceOutcome Outcome)>? session)
    {
        try
        {
            var outcome = DriveAt(driver.Probe(HandshakeLimit), run, session);
            driver.Close();
            return outcome;
        }
        catch (DriverFailure failure)
        {
            return new DeviceOutcome(new GuestDevice(id, 0, 0), run) { Error = failure.Message };
        }
    }

    /// <summary>The device is gone at the end, and with it the handler of its interrupt, before the event channel is closed.</summary>
    private DeviceOutcome DriveAt(GuestDevice place, int run, Action<(DeviceSession Device, DeviceOutcome Outcome)>? session)
    {
        using var device = new DeviceSession(place, machine, options);
        var outcome = device.Drive(run);
        session?.Invoke((device, outcome));
        return session is null || !stop.IsCancellationRequested ? device.Remove(outcome) : outcome;
    }

    private bool WaitUntilAttached(int id, TimeSpan limit)
    {
        using var driver = driverOf(id);
        var deadline = limit == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!stop.IsCancellationRequested && Environment.TickCount64 < deadline)
        {
            if (driver.WaitUntilAttached(Step)) return true;
        }

        return false;
    }

    private DeviceOutcome Told(DeviceOutcome outcome)
    {
        report(outcome);
        return outcome;
    }
}
