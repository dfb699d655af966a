using System.Diagnostics;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>What a guest reads about its display is what Debian's edid-decode takes for a display without a fault.</summary>
public sealed class EdidTests : IDisposable
{
    private const string Program = "/usr/bin/edid-decode";
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(640, 480)]
    [InlineData(1280, 800)]
    [InlineData(1920, 1080)]
    [InlineData(3840, 2160)]
    public void The_edid_of_any_size_conforms(int width, int height)
    {
        string scanouts = $$""", "options": { "scanouts": [ { "width": {{width}}, "height": {{height}} } ] }""";
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Gpu(0, GuestFiles.StandIn("gpu"), scanouts)]));
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        JsonObject facts = guest.Facts();
        Trial.End(host);

        Assert.Equal($"{width}x{height}", facts["edidMode"]!.GetValue<string>());
        (int exitCode, string said) = Decode(Convert.FromHexString(facts["edid"]!.GetValue<string>()));
        Assert.True(exitCode == 0, said);
        Assert.Contains("EDID conformity: PASS", said, StringComparison.Ordinal);
        Assert.Contains($"{width}x{height}", said, StringComparison.Ordinal);
    }

    /// <summary>A wrong byte is noticed, so that what passes has been looked at.</summary>
    [Fact]
    public void Edid_decode_fails_a_block_whose_bytes_do_not_add_up() => Assert.NotEqual(0, Decode([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, .. new byte[120]]).ExitCode);

    private (int ExitCode, string Said) Decode(byte[] edid)
    {
        Assert.True(File.Exists(Program), $"{Program} is not installed: apt-get install --no-install-recommends edid-decode");
        string block = _trial.PathOf("edid.bin");
        File.WriteAllBytes(block, edid);
        using Process decode = Process.Start(new ProcessStartInfo(Program, ["--check", block]) { RedirectStandardOutput = true })!;
        string said = decode.StandardOutput.ReadToEnd();
        decode.WaitForExit();
        return (decode.ExitCode, said);
    }
}
