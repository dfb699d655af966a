using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices.Block;
using XenDmHost.Simulation.StandIns.Devices.Gpu;
using XenDmHost.Simulation.StandIns.Devices.Sound;
using XenDmHost.Simulation.StandIns.Faults;

namespace XenDmHost.Simulation.StandIns;

/// <summary>`xendmhost-sim stand-in KIND --socket PATH ...`: a back-end daemon where there is no real one.</summary>
internal static partial class StandInCommand
{
    private static readonly Option<string> Socket = new("--socket") { Required = true, Description = "path of the socket to listen on" };
    private static readonly Option<bool> Connect = new("--connect") { Description = "connect to the socket, where the host listens, and end with the connection" };
    private static readonly Option<bool> Xen = new("--xen") { Description = "behave as a back-end built for Xen: 40-byte memory regions" };
    private static readonly Option<bool> Once = new("--once") { Description = "end when the client leaves" };
    private static readonly Option<string[]> Faults = new("--fault") { Description = "misbehave: NAME[=REQUEST|NUMBER]; may be repeated" };
    private static readonly Option<int[]> OfferBits = new("--offer-bit") { Description = "offer one more virtio feature bit; may be repeated" };
    private static readonly Option<int[]> WithholdBits = new("--withhold-bit") { Description = "do not offer this virtio feature bit; may be repeated" };
    private static readonly Option<string> ProtocolFeatures = new("--protocol-features") { Description = "protocol features to offer, in hexadecimal" };

    private static readonly Option<bool> AllFeatures = new("--all-protocol-features") { Description = "offer every protocol feature that is served here: BACKEND_REQ, INFLIGHT_SHMFD and STATUS too" };
    private static readonly Option<bool> Reorder = new("--reorder") { Description = "give requests back in the reverse of their order" };

    private static readonly Option<bool> LogRequests = new("--log-requests") { Description = "say each request that comes on standard error" };

    internal static Command Create()
    {
        Command command = new("stand-in", "Play a vhost-user back-end daemon that keeps the rules of rust-vmm's.");
        foreach (Option option in new Option[] { Socket, Connect, Xen, Once, Faults, OfferBits, WithholdBits, ProtocolFeatures, AllFeatures, Reorder, LogRequests })
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
        Faults.Validators.Add(CheckFaults);
        ProtocolFeatures.Validators.Add(CheckMask);
        command.Subcommands.Add(CreateFs());
        command.Subcommands.Add(CreateScsi());
        command.Subcommands.Add(CreateInput());
        command.Subcommands.Add(CreateVsock());
        command.Subcommands.Add(CreateNet());
        command.Subcommands.Add(CreateI2c());
        command.Subcommands.Add(CreateSound());
        command.Subcommands.Add(CreateBlock());
        command.Subcommands.Add(CreateGpu());
        command.Subcommands.Add(CreateRng());
        command.Subcommands.Add(CreateConsole());
        command.Subcommands.Add(CreateGpio());
        command.Subcommands.Add(CreateScmi());
        return command;
    }

    private static Command CreateSound()
    {
        Option<string> record = new("--record") { Description = "file that the played PCM is written to" };
        Option<int> jacks = Number("--jacks", 1, "number of jacks");
        Option<int> streams = Number("--streams", 2, "number of streams: even ones play, odd ones record");
        Option<int> chmaps = Number("--chmaps", 1, "number of channel maps");
        Option<int> size = QueueSize(64);
        Command command = new("snd", "virtio-sound") { record, jacks, streams, chmaps, size };
        command.SetAction(parsed => Report(() =>
        {
            SoundShape shape = new(parsed.GetValue(jacks), parsed.GetValue(streams), parsed.GetValue(chmaps));
            using FileStream? file = parsed.GetValue(record) is { } path ? CreateRecording(path) : null;
            return new StandInServer("snd", Read(parsed, size), () => new SoundDevice(shape, file)).Run();
        }));
        return command;
    }

    private static Command CreateBlock()
    {
        Option<string> image = new("--image") { Required = true, Description = "file behind the disk" };
        Option<long> create = new("--size") { Description = "create the file with this many bytes if it is not there" };
        Option<bool> readOnly = new("--read-only") { Description = "refuse writes" };
        Option<int> queues = Number("--queues", 1, "number of request queues");
        Option<int> size = QueueSize(1024);
        Command command = new("blk", "virtio-blk on a file") { image, create, readOnly, queues, size };
        command.SetAction(parsed => Report(() =>
        {
            string path = parsed.GetValue(image)!;
            if (parsed.GetValue(create) is > 0 and var bytes && !File.Exists(path)) CreateImage(path, bytes);
            using BlockImage file = new(path, parsed.GetValue(readOnly));
            StandInOptions options = Read(parsed, size);
            return new StandInServer("blk", options, () => new BlockDevice(file, parsed.GetValue(queues), options.MaximumQueueSize)).Run();
        }));
        return command;
    }

    private static Command CreateGpu()
    {
        Option<bool> noEdid = new("--no-edid") { Description = "do not offer EDID" };
        Option<bool> dmabuf = new("--dmabuf") { Description = "hand scanouts over as descriptors, and wait for the answer to each update" };
        Option<string> fault = new("--gpu-fault") { Description = "misbehave on the GPU socket: a name of the README's list", DefaultValueFactory = _ => "none" };
        fault.Validators.Add(CheckGpuFault);
        Option<int> size = QueueSize(1024);
        Command command = new("gpu", "virtio-gpu, 2D") { noEdid, dmabuf, fault, size };
        command.SetAction(parsed => Report(() =>
        {
            GpuShape shape = new(!parsed.GetValue(noEdid), parsed.GetValue(dmabuf), Names.Find<GpuFault>(parsed.GetValue(fault)!)!.Value);
            return new StandInServer("gpu", Read(parsed, size), () => new GpuDevice(shape, LogGpu)).Run();
        }));
        return command;
    }

    private static void LogGpu(string line) => Console.Error.WriteLine($"stand-in gpu: {line}");

    private static void CheckGpuFault(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (Names.Find<GpuFault>(token.Value) is not null) continue;
            result.AddError($"'{token.Value}' is no fault; there are {string.Join(", ", Enum.GetValues<GpuFault>().Select(Names.Of))}");
        }
    }

    /// <summary>A path that cannot be used is one line, not a stack trace.</summary>
    private static int Report(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception error) when (error is OsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"stand-in: {error.Message}");
            return 2;
        }
    }

    /// <summary>Can be read by others while it grows.</summary>
    private static FileStream CreateRecording(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private static void CreateImage(string path, long bytes)
    {
        using FileStream file = File.Create(path);
        file.SetLength(bytes);
    }

    private static Option<int> QueueSize(int most) => Number("--max-queue-size", most, "the most descriptors of a queue");

    private static Option<int> Number(string name, int value, string description)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 32768) result.AddError($"{name} is between 0 and 32768");
        });
        return option;
    }

    private static StandInOptions Read(ParseResult parsed, Option<int> size) => new()
    {
        Socket = parsed.GetValue(Socket)!,
        Connect = parsed.GetValue(Connect),
        Xen = parsed.GetValue(Xen),
        Once = parsed.GetValue(Once),
        MaximumQueueSize = (ushort)parsed.GetValue(size),
        ExtraFeatures = Mask(parsed.GetValue(OfferBits)),
        WithheldFeatures = Mask(parsed.GetValue(WithholdBits)),
        ProtocolFeatures = parsed.GetValue(ProtocolFeatures) is { } text && TryMask(text, out ulong mask) ? mask
            : parsed.GetValue(AllFeatures) ? Protocol.ProtocolFeature.All : null,
        Reorder = parsed.GetValue(Reorder),
        LogRequests = parsed.GetValue(LogRequests),
        Faults = new([.. (parsed.GetValue(Faults) ?? []).Select(ParseFault)]),
    };

    /// <summary>The same for a daemon that offers these protocol features unless told otherwise.</summary>
    private static StandInOptions Read(ParseResult parsed, Option<int> size, ulong protocolFeatures)
    {
        StandInOptions options = Read(parsed, size);
        return options with { ProtocolFeatures = options.ProtocolFeatures ?? protocolFeatures };
    }

    private static ulong Mask(int[]? bits) => (bits ?? []).Aggregate(0UL, (mask, bit) => mask | (1UL << bit));

    private static Fault ParseFault(string text) => Fault.TryParse(text, out Fault fault, out string error)
        ? fault
        : throw new ArgumentException(error, nameof(text));

    private static bool TryMask(string text, out ulong mask) => ulong.TryParse(
        text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out mask);

    private static void CheckFaults(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (!Fault.TryParse(token.Value, out _, out string error)) result.AddError(error);
        }
    }

    private static void CheckMask(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (!TryMask(token.Value, out _)) result.AddError($"'{token.Value}' is no hexadecimal number");
        }
    }
}
