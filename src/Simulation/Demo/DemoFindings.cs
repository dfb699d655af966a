using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>Looks whether the data of the demo's guest is where it should be.</summary>
internal static class DemoFindings
{
    /// <summary>Compares the report with what the back-ends left behind.</summary>
    internal static IEnumerable<DemoFinding> Of(string folder)
    {
        foreach (string line in File.ReadLines(Path.Combine(folder, "report.jsonl")))
        {
            if (JsonNode.Parse(line) is JsonObject report && report["facts"] is JsonObject facts
                && DemoGuest.Evidence.TryGetValue(report["id"]!.GetValue<int>(), out DemoEvidence? evidence))
            {
                yield return Compare(report["id"]!.GetValue<int>(), evidence, Read(folder, evidence, facts), Expected(evidence, facts));
            }
        }
    }

    private static byte[] Read(string folder, DemoEvidence evidence, JsonObject facts)
    {
        string path = Path.Combine(folder, evidence.File);
        if (evidence.IsPicture)
        {
            return File.Exists(path) ? DemoPng.ReadRgb(File.ReadAllBytes(path)) : [];
        }

        if (evidence.Length is null)
        {
            return File.ReadAllBytes(path);
        }

        byte[] bytes = new byte[facts[evidence.Length]?.GetValue<int>() ?? 0];
        using FileStream file = File.OpenRead(path);
        file.Position = evidence.Offset is null ? 0 : facts[evidence.Offset]?.GetValue<long>() ?? 0;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static JsonNode? Expected(DemoEvidence evidence, JsonObject facts) =>
        evidence.IsPicture ? facts["pictures"]?[0]?["rgbSha256"] : facts[evidence.Hash];

    private static DemoFinding Compare(int id, DemoEvidence evidence, byte[] bytes, JsonNode? expected)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        bool same = bytes.Length > 0 && hash == expected?.GetValue<string>();
        return new DemoFinding(id, same, same
            ? $"{evidence.File} holds the same {bytes.Length} bytes (sha256 {hash[..16]}…)"
            : $"{evidence.File} holds {bytes.Length} bytes with sha256 {hash[..16]}…, the guest reported {expected}");
    }
}
