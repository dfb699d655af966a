using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>One kind of stand-in, in the plain form or as built for Xen, as the suite serves it.</summary>
/// <param name="Kind">The stand-in's kind.</param>
/// <param name="Record">The option that makes it leave its data in a file; null when it has no data.</param>
/// <param name="Hash">The guest's fact with the SHA-256 of that data.</param>
internal sealed record StandInCase(string Kind, string? Record, string? Hash)
{
    private const string Data = "data";

    /// <summary>Every kind that a guest has a driver for.</summary>
    internal static IReadOnlyList<StandInCase> All { get; } =
    [
        new("blk", "--image", "writtenSha256"),
        new("scsi", "--image", "writtenSha256"),
        new("fs", "--shared-dir", "readSha256"),
        new("snd", "--record", "playedSha256"),
        new("rng", "--record", "receivedSha256"),
        new("console", "--record", "sentSha256"),
        new("gpio", null, null),
        new("scmi", null, null),
    ];

    private bool IsDisk => Kind is "blk" or "scsi";

    private bool IsFolder => Kind == "fs";

    internal static StandInCase Of(string kind) => All.Single(each => each.Kind == kind);

    /// <summary>The command line that the host starts it with; its data is in a file of the trial's folder.</summary>
    internal string[] Launch(Trial trial, bool xen, int id = 0, params string[] more)
    {
        string[] record = Record is null ? [] : [Record, "{dir}/" + Data + id];
        if (IsDisk)
        {
            trial.CreateImage(Data + id);
        }
        else if (IsFolder)
        {
            Directory.CreateDirectory(trial.PathOf(Data + id));
            File.WriteAllBytes(trial.PathOf(Data + id + "/file"), RandomNumberGenerator.GetBytes(300_001));
            record = [.. record, "--tag", "shared"];
        }

        return GuestFiles.StandIn(Kind, [.. record, .. xen ? ["--xen"] : (string[])[], .. more]);
    }

    /// <summary>What the back-end was left with is what the guest reported.</summary>
    internal void CheckData(Trial trial, JsonObject facts, int id = 0)
    {
        if (Hash is null)
        {
            return;
        }

        byte[] data = File.ReadAllBytes(trial.PathOf(Data + id + (IsFolder ? "/file" : "")));
        if (IsDisk)
        {
            data = [.. data.Skip(facts["writtenOffset"]!.GetValue<int>()).Take(facts["bytesWritten"]!.GetValue<int>())];
        }

        Assert.NotEmpty(data);
        Assert.Equal(facts[Hash]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(data)));
    }
}
