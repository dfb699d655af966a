using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>The steps of docs/try-it.md, as they stand there, in another folder than /tmp/try-it.</summary>
public sealed class TryItTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void The_steps_of_the_page_lead_where_it_says()
    {
        TryItPage page = new(_trial);
        page.Skip("dotnet build");
        page.Do("mkdir");
        page.Begin("qemu-storage-daemon");
        ProgramProcess host = page.Begin("xendmhost run");
        page.Do("xendmhost-sim guest");
        page.ExpectShown(host);
        ProgramProcess hashes = page.Do("grep");
        AssertSame(hashes.Output.All);
        Interrupt(host);

        page.Do("xendmhost check");
        page.Do("xendmhost demo --file");

        host = page.Begin("xendmhost run");
        page.Do("xendmhost-sim guest");
        Interrupt(host);
        page.Do("cmp");
        Assert.True(page.IsAtTheEnd);
    }

    /// <summary>What the page lets a person compare, and the same without the shell's help.</summary>
    private void AssertSame(IReadOnlyList<string> printed)
    {
        Assert.Equal(3, printed.Count);
        string shown = printed[1].Split('"')[3];
        Assert.Equal(shown, printed[2].Split(' ')[0]);

        JsonNode facts = JsonNode.Parse(File.ReadLines(_trial.PathOf("try-it/report.jsonl")).First())!["facts"]!;
        byte[] image = File.ReadAllBytes(_trial.PathOf("try-it/disk.img"));
        ReadOnlySpan<byte> written = image.AsSpan(facts["writtenOffset"]!.GetValue<int>(), facts["bytesWritten"]!.GetValue<int>());
        Assert.Equal(facts["writtenSha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(written)));
        Assert.Equal(shown, facts["writtenSha256"]!.GetValue<string>());
    }

    private static void Interrupt(ProgramProcess host)
    {
        host.Signal("INT");
        Assert.True(host.WaitForExit() == 0, host.Errors.Text);
    }
}
