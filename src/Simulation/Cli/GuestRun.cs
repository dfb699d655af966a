using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Workloads;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Cli;

/// <summary>One guest's life: paused until the host is ready, its workload, its last line in the report.</summary>
internal sealed class GuestRun(GuestOptions options, SimulatedPlatform platform, GuestReport report, Progress progress)
{
    /// <summary>The toolstack waits in steps of this length, to hear of the end of the simulation meanwhile.</summary>
    private static readonly TimeSpan BootStep = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives the exit code.</summary>
    internal int Run(CancellationToken stop)
    {
        var last = new JsonObject { ["guest"] = options.Name, ["ok"] = false, ["workload"] = options.Workload.ToString().ToLowerInvariant() };
        using var stopping = stop.Register(platform.Domain.Stop);
        var code = RunToTheEnd(last, stop);
        last["ok"] = code == ExitCode.Ok;
        last["devices"] = options.Devices;
        last["accesses"] = platform.Machine.Vcpus.Sum(cpu => cpu.Answered);
        last["slowestAnswerMs"] = Math.Round(platform.Machine.Vcpus.Max(cpu => cpu.Slowest).TotalMilliseconds, 3);
        last["error"] ??= null;
        report.Write(last);
        return code;
    }

    private int RunToTheEnd(JsonObject last, CancellationToken stop)
    {
        try
        {
            // On xenbus the guest itself waits for each device.
            if (options.Workload != Workload.Idle && !options.Xenbus)
            {
                WaitForHost(stop);
            }

            return RunWorkload(last, stop) ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (HostFault fault)
        {
            last["error"] = fault.Message;
            progress.Say(fault.Message);
            return fault.ExitCode;
        }
        catch (DriverFailure failure)
        {
            last["error"] = failure.Message;
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            last["error"] = "ended before the workload was done";
            return ExitCode.Failed;
        }
    }

    private bool RunWorkload(JsonObject last, CancellationToken stop)
    {
        switch (options.Workload)
        {
            case Workload.Drive when options.Xenbus:
                progress.Say($"guest {options.Name} (domid {options.DomId}) looks for its {options.Devices} device(s) on xenbus");
                var xenbus = new XenbusWorkload(platform.Machine, platform.DriverOf, options.DriverOptions, Report, options.BootLimit, stop);
                return xenbus.Run(options.Devices, options.Rebinds, options.Wait);
            case Workload.Drive:
                var drive = new DriveWorkload(platform.Machine, options.DriverOptions, Report, stop);
                return drive.Run(platform.Devices, options.Wait);
            case Workload.Random:
                last["kinds"] = new RandomWorkload(platform.Machine, platform.Devices, options.Accesses, options.Seed).Run();
                return true;
            default:
                stop.WaitHandle.WaitOne();
                return true;
        }
    }

    /// <summary>A guest is started however many devices are ready when the time is over: the rest read as absent, or not at all.</summary>
    private void WaitForHost(CancellationToken stop)
    {
        progress.Say($"guest {options.Name} (domid {options.DomId}) is paused until its {options.Devices} device(s) are Connected");
        var deadline = Environment.TickCount64 + (long)options.BootLimit.TotalMilliseconds;
        while (!platform.Toolstack.WaitAllConnected(options.Devices, BootStep))
        {
            stop.ThrowIfCancellationRequested();
            if (Environment.TickCount64 >= deadline)
            {
                progress.Say($"not all devices are Connected after {options.BootLimit.TotalSeconds:0.#} s: the guest starts without them");
                return;
            }
        }

        progress.Say("every device is Connected: the guest starts");
    }

    private void Report(DeviceOutcome outcome)
    {
        report.Write(outcome.ToJson());
        progress.Say($"device {outcome.Device.Id} ({outcome.Driver ?? "no driver"}), run {outcome.Run}: {outcome.Error ?? "ok"}");
    }
}
