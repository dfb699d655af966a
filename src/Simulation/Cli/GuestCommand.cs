using System.CommandLine;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Cli;

/// <summary>`xendmhost-sim guest`: a hypervisor, a xenstore and a guest for the host to attach to.</summary>
internal static class GuestCommand
{
    private static readonly Option<string> Folder = new("--directory") { Description = "folder for hypervisor.sock and xenstored.sock", Required = true };
    private static readonly Option<string> Name = new("--name") { Description = "name of the guest", DefaultValueFactory = _ => "work" };
    private static readonly Option<uint> DomId = Number("--domid", "the guest's domain id", 1u, 1u, 0x7fefu);
    private static readonly Option<int> Devices = Number("--devices", "virtio-mmio devices of the guest", 1, 0, 11);
    private static readonly Option<int> Memory = Number("--memory", "MiB of RAM", 64, 2, 3072);
    private static readonly Option<int> Banks = Number("--banks", "banks that the RAM is split over", 1, 1, 2);
    private static readonly Option<int> Vcpus = Number("--vcpus", "virtual CPUs", 2, 1, 128);
    private static readonly Option<double> BootTimeout = Number("--boot-timeout", "seconds that the guest stays paused for the host", 60.0, 0, 86400);
    private static readonly Option<double> AccessTimeout = Number("--access-timeout", "seconds after which an unanswered access is a hang", 30.0, 0.1, 86400);
    private static readonly Option<string> Report = new("--report") { Description = "file for the report, - for standard output", DefaultValueFactory = _ => "-" };
    private static readonly Option<Workload> Work = new("--workload") { Description = "what the guest does", DefaultValueFactory = _ => Workload.Drive };
    private static readonly Option<long> Accesses = Number("--accesses", "accesses that the host must answer (workload random)", 100_000L, 1, long.MaxValue);
    private static readonly Option<int> Seed = new("--seed") { Description = "the same seed does the same", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Wait = new("--wait") { Description = "stay after driving, until SIGTERM or the end of standard input, and drive again after a reset" };
    private static readonly Option<bool> StoreStays = new("--store-stays") { Description = "xenstore stays when the guest has gone, until SIGTERM" };
    private static readonly Option<string?> Pcm = new("--pcm") { Description = "file for a copy of the PCM that is played" };

    private static readonly Option<int> InputEvents = Number("--input-events", "events that the input driver waits for", 0, 0, 1_000_000);
    private static readonly Option<uint> VsockPort = Number("--vsock-port", "port of the host that the vsock driver connects to", 1234u, 1u, uint.MaxValue);
    private static readonly Option<bool> Xenbus = new("--xenbus") { Description = "a guest of x86: devices are attached over xenbus (workloads drive and idle)" };
    private static readonly Option<bool> Grants = new("--grants") { Description = "the guest gives its memory by grants, page by page (grant_usage=1)" };
    private static readonly Option<int> Rebinds = Number("--rebinds", "times that a driver on xenbus is unbound and bound again", 0, 0, 1000);
    private static readonly Option<Guid?> Uuid = new("--uuid") { Description = "the guest's uuid, which a reboot keeps" };

    internal static Command Create()
    {
        var command = new Command("guest", "Play hypervisor, xenstore and a guest with drivers")
        {
            Folder, Name, DomId, Devices, Memory, Banks, Vcpus, BootTimeout, AccessTimeout, Report, Work, Accesses, Seed, Wait, Pcm,
            InputEvents, VsockPort,
            Xenbus, Grants, Rebinds, Uuid, StoreStays,
        };
        command.SetAction(parsed => Run(Read(parsed)));
        return command;
    }

    private static int Run(GuestOptions options)
    {
        var progress = new Progress(Console.Error);
        try
        {
            // First of all: once the sockets are there, somebody may ask us to remove them again.
            using var signals = new StopSignals(atEndOfInput: options.Wait || options.Workload == Workload.Idle);
            using var report = new GuestReport(options.Report, Console.Out);
            using var platform = new SimulatedPlatform(options);
            int exitCode = new GuestRun(options, platform, report, progress).Run(signals.Token);
            if (options.StoreStays)
            {
                platform.EndDomain();
                signals.Token.WaitHandle.WaitOne();
            }

            return exitCode;
        }
        catch (Exception failure) when (failure is OsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            progress.Say(failure.Message);
            return ExitCode.Usage;
        }
    }

    private static GuestOptions Read(ParseResult parsed) => new()
    {
        Directory = parsed.GetRequiredValue(Folder),
        Name = parsed.GetRequiredValue(Name),
        DomId = parsed.GetValue(DomId),
        Devices = parsed.GetValue(Devices),
        MemoryMiB = parsed.GetValue(Memory),
        Banks = parsed.GetValue(Banks),
        Vcpus = parsed.GetValue(Vcpus),
        BootLimit = TimeSpan.FromSeconds(parsed.GetValue(BootTimeout)),
        AccessLimit = TimeSpan.FromSeconds(parsed.GetValue(AccessTimeout)),
        Report = parsed.GetRequiredValue(Report),
        Workload = parsed.GetValue(Work),
        Accesses = parsed.GetValue(Accesses),
        Seed = parsed.GetValue(Seed),
        Wait = parsed.GetValue(Wait),
        PcmFile = parsed.GetValue(Pcm),
        InputEvents = parsed.GetValue(InputEvents),
        VsockPort = parsed.GetValue(VsockPort),
        Xenbus = parsed.GetValue(Xenbus),
        Grants = parsed.GetValue(Grants),
        Rebinds = parsed.GetValue(Rebinds),
        Uuid = parsed.GetValue(Uuid),
        StoreStays = parsed.GetValue(StoreStays),
    };

    private static Option<T> Number<T>(string name, string what, T value, T least, T most)
        where T : struct, IComparable<T>
    {
        var option = new Option<T>(name) { Description = $"{what} ({least} to {most})", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is var given && (given.CompareTo(least) < 0 || given.CompareTo(most) > 0))
            {
                result.AddError($"{name} is {given}: it must be {least} to {most}");
            }
        });
        return option;
    }
}
