using System.Text.Json;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>
/// The guest of the host's demo: a disk served by Debian's qemu-storage-daemon, and devices that stand-ins serve, because
/// no daemon for them is packaged.
/// </summary>
internal static class DemoGuest
{
    private const int Disk = 0;
    private const int Sound = 1;
    private const int Rng = 2;
    private const int Terminal = 3;
    private const int Gpio = 4;
    private const int Scmi = 5;

    private const string DiskImage = "disk.img";
    private const string PlayedPcm = "played.pcm";
    private const string GivenEntropy = "entropy.bin";
    private const string WrittenText = "console.txt";

    /// <summary>By device id; a device that leaves no data behind has none.</summary>
    internal static IReadOnlyDictionary<int, DemoEvidence> Evidence { get; } = new Dictionary<int, DemoEvidence>
    {
        [Disk] = new(DiskImage, "writtenSha256", "writtenOffset", "bytesWritten"),
        [Sound] = new(PlayedPcm, "playedSha256"),
        [Rng] = new(GivenEntropy, "receivedSha256"),
        [Terminal] = new(WrittenText, "sentSha256"),
    };

    private const long DiskBytes = 16 << 20;
    private const string StorageDaemon = "qemu-storage-daemon";
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
        ];
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
