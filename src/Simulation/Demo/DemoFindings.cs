using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>Looks whether the data of the demo's guest is where it should be.</summary>
internal static class DemoFindings
{
    /// <summary>Compares the report with the disk image and the recorded PCM.</summary>
    internal static IEnumerable<DemoFinding> Of(string folder)
    {
        foreach (string line in File.ReadLines(Path.Combine(folder, "report.jsonl")))
        {
            if (JsonNode.Parse(line) is JsonObject report && report["facts"] is JsonObject facts)
            {
                int id = report["id"]!.GetValue<int>();
                if (id == DemoGuest.Disk)
                {
                    yield return LookAtDisk(folder, facts);
                }
                else if (id == DemoGuest.Sound)
                {
                    yield return LookAtPcm(folder, facts);
                }
            }
        }
    }

    private static DemoFinding LookAtDisk(string folder, JsonObject facts)
    {
        long offset = facts["writtenOffset"]?.GetValue<long>() ?? 0;
        int length = facts["bytesWritten"]?.GetValue<int>() ?? 0;
        byte[] bytes = new byte[length];
        using FileStream image = File.OpenRead(Path.Combine(folder, DemoGuest.DiskImage));
        image.Position = offset;
        image.ReadExactly(bytes);
        return Compare(DemoGuest.Disk, DemoGuest.DiskImage, bytes, facts["writtenSha256"]);
    }

    private static DemoFinding LookAtPcm(string folder, JsonObject facts) =>
        Compare(DemoGuest.Sound, DemoGuest.PlayedPcm, File.ReadAllBytes(Path.Combine(folder, DemoGuest.PlayedPcm)), facts["playedSha256"]);

    private static DemoFinding Compare(int id, string name, byte[] bytes, JsonNode? expected)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        bool same = bytes.Length > 0 && hash == expected?.GetValue<string>();
        return new DemoFinding(id, same, same
            ? $"{name} holds the same {bytes.Length} bytes (sha256 {hash[..16]}…)"
            : $"{name} holds {bytes.Length} bytes with sha256 {hash[..16]}…, the guest reported {expected}");
    }
}
