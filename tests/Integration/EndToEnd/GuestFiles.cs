using System.Text.Json;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Guest files for the simulated guest of a <see cref="Trial"/>.</summary>
internal static class GuestFiles
{
    internal static string Of(string[] devices, string name = "trial") =>
        $$"""{ "guest": "{{name}}", "platform": "simulated", "simulation": "{{name}}", "devices": [ {{string.Join(",\n", devices)}} ] }""";

    /// <summary>A disk; <paramref name="launch"/> empty: somebody else starts its daemon.</summary>
    internal static string Disk(int id, string[] launch, int queues = 1, string more = "", string restart = "always") => Device(
        "generic", id, $$"""{{BackEnd($"disk{id}.sock", launch, restart)}}, "options": { "profile": "blk", "queues": {{queues}} }{{more}}""");

    /// <summary>A sound card; <paramref name="launch"/> empty: somebody else starts its daemon.</summary>
    internal static string Sound(int id, string[] launch, string more = "") =>
        Device("snd", id, BackEnd($"sound{id}.sock", launch, "always") + more);

    /// <summary>A device of any kind: a plugin of that name, or a profile of the generic one.</summary>
    internal static string Served(string kind, int id, string[] launch, string more = "")
    {
        bool isPlugin = kind is "snd" or "scmi";
        string options = isPlugin ? "" : $$""", "options": { "profile": "{{kind}}" }""";
        return Device(isPlugin ? kind : "generic", id, BackEnd($"{kind}{id}.sock", launch, "always") + options + more);
    }

    /// <summary>A display; <paramref name="launch"/> empty: somebody else starts its daemon.</summary>
    internal static string Gpu(int id, string[] launch, string more = "") =>
        Device("gpu", id, BackEnd($"gpu{id}.sock", launch, "always") + more);

    /// <summary>QEMU's virtiofsd; it serves as root only.</summary>
    internal const string FolderDaemon = "/usr/lib/qemu/virtiofsd";

    /// <summary>A folder, served by a daemon that has no configuration space: the tag is the guest file's.</summary>
    internal static string Folder(int id, string folder) => Device(
        "generic", id, BackEnd($"fs{id}.sock", [FolderDaemon, "--socket-path={socket}", "-o", "source={dir}/" + folder, "-o", "sandbox=chroot"], "always")
        + $$""", "options": { "profile": "fs", "fields": { "tag": "tag{{id}}" } }""");

    internal static string[] StandIn(string kind, params string[] more) =>
        [Programs.Simulation, "stand-in", kind, "--socket", "{socket}", .. more];

    /// <summary>Debian's daemon on an image in the guest file's folder.</summary>
    /// <param name="image">The image's name.</param>
    /// <param name="queues">Request queues.</param>
    /// <param name="bytesPerSecond">0 for as fast as it can.</param>
    internal static string[] StorageDaemon(string image, int queues = 1, int bytesPerSecond = 0)
    {
        string[] slow = bytesPerSecond == 0 ? [] :
        [
            "--object", $"throttle-group,id=slow,x-bps-total={bytesPerSecond}",
            "--blockdev", "driver=throttle,node-name=top,throttle-group=slow,file=f0",
        ];
        return
        [
            Programs.StorageDaemon, "--blockdev", "driver=file,node-name=f0,filename={dir}/" + image, .. slow, "--export",
            $"type=vhost-user-blk,id=e0,node-name={(bytesPerSecond == 0 ? "f0" : "top")},addr.type=unix,addr.path={{socket}},writable=on,num-queues={queues}",
        ];
    }

    private static string Device(string plugin, int id, string more) => $$"""{ "plugin": "{{plugin}}", "id": {{id}}, {{more}} }""";

    private static string BackEnd(string socket, string[] launch, string restart)
    {
        JsonObject backEnd = new() { ["socket"] = socket };
        if (launch.Length > 0)
        {
            backEnd["launch"] = JsonSerializer.SerializeToNode(launch);
            backEnd["restart"] = restart;
        }

        return $"\"backEnd\": {backEnd.ToJsonString()}";
    }
}
