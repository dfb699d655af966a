using System.Security.Cryptography;
using System.Text.Json.Nodes;
using XenDmHost.IntegrationTests.EndToEnd;

namespace XenDmHost.IntegrationTests.RustVmm;

/// <summary>
/// The guest's random numbers from a back-end on the real rust-vmm crates, through the host, beside a stand-in of the plain
/// form. This back-end is built for Xen: it takes 40-byte regions alone.
/// </summary>
public sealed class RustVmmRngTests : IDisposable
{
    private readonly Trial _trial = new();
    private readonly byte[] _source = RandomNumberGenerator.GetBytes(1 << 16);

    public RustVmmRngTests() => File.WriteAllBytes(_trial.PathOf("source"), _source);

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void One_command_serves_both_and_the_guest_reads_each_ones_bytes()
    {
        ProgramProcess demo = _trial.Host("demo", "--json", "--file", WriteGuestFile());
        Assert.True(demo.WaitForExit() == 0, demo.Output.Text + demo.Errors.Text);
        JsonObject[] devices = [.. demo.Output.All.Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(2, devices.Length);
        Assert.All(devices, device => CheckBytes(device["guest"]!["facts"]!.AsObject()));
    }

    [Fact]
    public void Its_death_is_made_good_by_the_next_one()
    {
        string file = WriteGuestFile();
        EndToEnd.Simulation guest = new(_trial, ["--wait", "--banks", "2"], devices: 2);
        ProgramProcess first = _trial.Run(file);
        int daemon = BackEndDeathTests.StartedDaemon(first, "xendmhost-rustvmm");
        CheckBytes(guest.Facts(0));
        CheckBytes(guest.Facts(1));
        BackEndDeathTests.KillProcess(daemon);
        first.Errors.Expect("rings resumed");
        first.Kill();

        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("adopted domain 1");
        second.Errors.Expect("rings resumed");
        second.Errors.Expect("rings resumed");
        guest.Process.Signal("TERM");
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(second);
        Assert.Contains(log, line => line.Contains("device 0 (", StringComparison.Ordinal) && line.Contains(", 40-byte regions", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("device 1 (", StringComparison.Ordinal) && line.Contains(", 32-byte regions", StringComparison.Ordinal));
    }

    private string WriteGuestFile() => _trial.Write("guest.json", GuestFiles.Of(
    [
        GuestFiles.Served("rng", 0, [RustVmmBinary.Path, "--socket", "{socket}", "--device", "rng", "--image", _trial.PathOf("source")]),
        GuestFiles.Served("rng", 1, GuestFiles.StandIn("rng", "--source", _trial.PathOf("source"))),
    ]));

    private void CheckBytes(JsonObject facts)
    {
        int length = facts["bytesReceived"]!.GetValue<int>();
        Assert.InRange(length, 10_000, _source.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_source.AsSpan(0, length))), facts["receivedSha256"]!.GetValue<string>());
    }
}
