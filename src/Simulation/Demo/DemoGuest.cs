using System.Text.Json;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Drivers.Fs;

namespace XenDmHost.Simulation.Demo;

/// <summary>
/// The guest of the host's demo: a disk and, for root, a folder served by Debian's daemons, and devices that stand-ins
/// serve, because no daemon for them is packaged.
/// </summary>
internal static class DemoGuest
{
    private const int Disk = 0;
    private const int Sound = 1;
    private const int Rng = 2;
    private const int Terminal = 3;
    private const int Gpio = 4;
    private const int Scmi = 5;
    private const int Gpu = 6;
    private const int Folder = 7;

    private const string DiskImage = "disk.img";
    private const string PlayedPcm = "played.pcm";
    private const string GivenEntropy = "entropy.bin";
    private const string WrittenText = "console.txt";
    private const string SharedFolder = "shared";
    private const string SharedFile = SharedFolder + "/" + FsDriver.WrittenFile;

    /// <summary>By device id; a device that leaves no data behind has none.</summary>
    internal static IReadOnlyDictionary<int, DemoEvidence> Evidence { get; } = new Dictionary<int, DemoEvidence>
    {
        [Disk] = new(DiskImage, "writtenSha256", "writtenOffset", "bytesWritten"),
        [Sound] = new(PlayedPcm, "playedSha256"),
        [Rng] = new(GivenEntropy, "receivedSha256"),
        [Terminal] = new(WrittenText, "sentSha256"),
        [Gpu] = new("device6-screen0.png", "screenSha256") { IsPicture = true },
        [Folder] = new(SharedFile, "writtenSha256"),
    };

    private const long DiskBytes = 16 << 20;
    private const string StorageDaemon = "qemu-storage-daemon";
    private const string GpuDaemon = "/usr/lib/qemu/vhost-user-gpu";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes guest.json, the disk image and the folder of the sockets; says on standard error what is missing here.</summary>
    internal static IReadOnlyList<DemoDevice> Prepare(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        using (FileStream image = File.Create(Path.Combine(folder, DiskImage)))
        {
            image.SetLength(DiskBytes);
        }

        List<DemoDevice> devices =
        [
            DiskDevice(),
            StandInFor("vhost-device-sound", Sound, "snd", null, StandIn("snd", "--record", "{dir}/" + PlayedPcm)),
            StandInFor("vhost-device-rng", Rng, "generic", "rng", StandIn("rng", "--record", "{dir}/" + GivenEntropy)),
            StandInFor("vhost-device-console", Terminal, "generic", "console", StandIn("console", "--record", "{dir}/" + WrittenText)),
            StandInFor("vhost-device-gpio", Gpio, "generic", "gpio", StandIn("gpio")),
            StandInFor("vhost-device-scmi", Scmi, "scmi", null, StandIn("scmi")),
            GpuDevice(),
        ];
        if (FolderDevice(folder) is { } shared)
        {
            devices.Add(shared);
        }

        JsonObject file = new()
        {
            ["guest"] = "demo",
            ["platform"] = "simulated",
            ["simulation"] = "simulation",
            ["devices"] = new JsonArray([.. devices.Select(device => device.Entry)]),
        };
        File.WriteAllText(Path.Combine(folder, "guest.json"), file.ToJsonString(Indented) + "\n");
        return devices;
    }

    private static DemoDevice DiskDevice()
    {
        if (IsInstalled(StorageDaemon))
        {
            const string Export = "type=vhost-user-blk,id=e0,node-name=f0,addr.type=unix,addr.path={socket},writable=on,num-queues=1";
            return new DemoDevice(Disk, StorageDaemon, Entry(
                Disk, "generic", "blk", [StorageDaemon, "--blockdev", "driver=file,node-name=f0,filename={dir}/" + DiskImage, "--export", Export]));
        }

        Console.Error.WriteLine(
            $"{StorageDaemon} is not installed, so a stand-in serves the disk; for the real one: apt-get install --no-install-recommends qemu-system-common");
        return StandInFor(StorageDaemon, Disk, "generic", "blk", StandIn("blk", "--image", "{dir}/" + DiskImage));
    }

    private static DemoDevice GpuDevice()
    {
        if (File.Exists(GpuDaemon))
        {
            return new DemoDevice(Gpu, "vhost-user-gpu", Entry(Gpu, "gpu", null, [GpuDaemon, "-s", "{socket}"]));
        }

        Console.Error.WriteLine(
            $"{GpuDaemon} is not installed, so a stand-in serves the display; for the real one: apt-get install --no-install-recommends qemu-system-gui");
        return StandInFor("vhost-user-gpu", Gpu, "gpu", null, StandIn("gpu"));
    }

    /// <summary>A folder of the demo's own; null, and a line that says why, where it cannot be served.</summary>
    private static DemoDevice? FolderDevice(string folder)
    {
        if (DemoFolderDaemon.Find(out string why) is not { } daemon)
        {
            Console.Error.WriteLine($"the demo leaves the shared folder out: {why}");
            return null;
        }

        Directory.CreateDirectory(Path.Combine(folder, SharedFolder));
        File.WriteAllText(Path.Combine(folder, SharedFolder, "read-me.txt"), "The guest of the demo reads this file.\n");
        JsonObject entry = Entry(Folder, "generic", "fs", daemon.Launch("{dir}/" + SharedFolder));
        entry["options"]!["fields"] = new JsonObject { ["tag"] = "demo" };
        return new DemoDevice(Folder, "virtiofsd", entry);
    }

    private static DemoDevice StandInFor(string daemon, int id, string plugin, string? profile, string[] launch) =>
        new(id, "stand-in for " + daemon, Entry(id, plugin, profile, launch));

    private static JsonObject Entry(int id, string plugin, string? profile, string[] launch)
    {
        JsonObject entry = new()
        {
            ["plugin"] = plugin,
            ["id"] = id,
            ["backEnd"] = new JsonObject
            {
                ["socket"] = $"run/{profile ?? plugin}.sock",
                ["launch"] = new JsonArray([.. launch.Select(argument => (JsonNode)argument)]),
            },
        };
        if (profile is not null)
        {
            entry["options"] = new JsonObject { ["profile"] = profile };
        }

        return entry;
    }

    private static string[] StandIn(string kind, params string[] more) =>
        [Environment.ProcessPath!, "stand-in", kind, "--socket", "{socket}", .. more];

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
