using System.Text.Json;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>
/// The guest of the host's demo: a disk served by Debian's qemu-storage-daemon, and a sound card served by a stand-in,
/// because no daemon for it is packaged.
/// </summary>
internal static class DemoGuest
{
    internal const string DiskImage = "disk.img";
    internal const string PlayedPcm = "played.pcm";
    internal const int Disk = 0;
    internal const int Sound = 1;

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

        List<DemoDevice> devices = [DiskDevice(), SoundDevice()];
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
        JsonObject options = new() { ["profile"] = "blk" };
        if (IsInstalled(StorageDaemon))
        {
            const string Export = "type=vhost-user-blk,id=e0,node-name=f0,addr.type=unix,addr.path={socket},writable=on,num-queues=1";
            return new DemoDevice(Disk, StorageDaemon, Entry(
                Disk, "generic", options, [StorageDaemon, "--blockdev", "driver=file,node-name=f0,filename={dir}/" + DiskImage, "--export", Export]));
        }

        Console.Error.WriteLine(
            $"{StorageDaemon} is not installed, so a stand-in serves the disk; for the real one: apt-get install --no-install-recommends qemu-system-common");
        return new DemoDevice(Disk, "stand-in for " + StorageDaemon, Entry(Disk, "generic", options, StandIn("blk", "--image", "{dir}/" + DiskImage)));
    }

    private static DemoDevice SoundDevice() => new(
        Sound, "stand-in for vhost-device-sound", Entry(Sound, "snd", null, StandIn("snd", "--record", "{dir}/" + PlayedPcm)));

    private static JsonObject Entry(int id, string plugin, JsonObject? options, string[] launch)
    {
        JsonObject entry = new()
        {
            ["plugin"] = plugin,
            ["id"] = id,
            ["backEnd"] = new JsonObject
            {
                ["socket"] = "run/" + plugin + ".sock",
                ["launch"] = new JsonArray([.. launch.Select(argument => (JsonNode)argument)]),
            },
        };
        if (options is not null)
        {
            entry["options"] = options;
        }

        return entry;
    }

    private static string[] StandIn(string kind, params string[] more) =>
        [Environment.ProcessPath!, "stand-in", kind, "--socket", "{socket}", .. more];

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
