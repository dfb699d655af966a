using System.Security.Cryptography;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>
/// A guest that gives its memory by grants, page by page: rings, tables and buffers each under grants of their own, buffers
/// that the device only reads granted for reading only, and all taken back as soon as the device gave them back. A page that
/// is still mapped then fails the driver, as Linux gives such a device up.
/// </summary>
public sealed class GrantTests : IDisposable
{
    private const string Granted = "\"transport\": { \"grants\": true }";
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Devices_serve_a_guest_that_grants_its_memory_and_let_go_of_it_at_each_reset(int banks)
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--xen", "--queues", "2", "--image", "{dir}/disk.img"), queues: 2),
            GuestFiles.Served("rng", 1, GuestFiles.StandIn("rng", "--xen", "--record", "{dir}/rng.bytes")),
            GuestFiles.Sound(2, GuestFiles.StandIn("snd", "--xen", "--record", "{dir}/sound.pcm")),
            GuestFiles.Served("console", 3, GuestFiles.StandIn("console", "--xen")),
        ]));

        // grant_usage=1 in xenstore is what asks for it here.
        Simulation guest = new(_trial, ["--grants", "--banks", $"{banks}"], devices: 4);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(host);

        Assert.Equal(4, log.Count(line => line.Contains("rings started", StringComparison.Ordinal) && line.Contains("memory by grants", StringComparison.Ordinal)));
        Assert.DoesNotContain(log, line => line.Contains(" error ", StringComparison.Ordinal));
        Assert.True(guest.Facts(0)["indirectRequests"]!.GetValue<int>() > 0 && guest.Facts(0)["requests"]!.GetValue<int>() > guest.Facts(0)["indirectRequests"]!.GetValue<int>());
        Assert.Equal(guest.Facts(0)["writtenSha256"]!.GetValue<string>(), HashOfDisk(guest.Facts(0)["bytesWritten"]!.GetValue<int>()));
        Assert.Equal(guest.Facts(1)["receivedSha256"]!.GetValue<string>(), Hash(File.ReadAllBytes(_trial.PathOf("rng.bytes"))));
        Assert.Equal(guest.Facts(2)["playedSha256"]!.GetValue<string>(), Hash(File.ReadAllBytes(_trial.PathOf("sound.pcm"))));
    }

    [Fact]
    public void A_transfer_goes_on_over_back_ends_and_a_host_that_die()
    {
        _trial.CreateImage("disk.img", 4 << 20);
        string[] mortal = GuestFiles.StandIn("blk", "--xen", "--image", "{dir}/disk.img", "--fault", "crash-on-chain=20");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, mortal)]));
        Simulation guest = new(_trial, ["--grants"]);
        ProgramProcess first = _trial.Run(file);
        first.Errors.Expect("rings resumed", "memory by grants");
        first.Kill();
        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("adopted domain 1");
        second.Errors.Expect("rings resumed", "memory by grants");
        guest.Finish();
        Assert.Equal(4 << 20, guest.Facts()["bytesVerified"]!.GetValue<int>());
        Assert.Equal(0, guest.Facts()["configChanges"]!.GetValue<int>());
        Trial.End(second);
    }

    [Fact]
    public void A_guest_that_does_not_grant_where_it_is_to_is_told_of_and_gets_no_device()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
            [GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--xen", "--image", "{dir}/disk.img"), more: ", " + Granted)]));
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("the guest's rings are no grants");
        Assert.False(guest.Report()["ok"]!.GetValue<bool>());
        Trial.End(host);
    }

    [Fact]
    public void A_guest_that_grants_where_it_is_not_to_finds_a_device_without_them()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--xen", "--image", "{dir}/disk.img"), more: ", " + Granted.Replace("true", "false", StringComparison.Ordinal)),
        ]));
        Simulation guest = new(_trial, ["--grants"]);
        ProgramProcess host = _trial.Run(file);
        Assert.Contains("does not offer ACCESS_PLATFORM", guest.Report()["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Trial.End(host);
    }

    [Fact]
    public void A_back_end_that_cannot_map_grants_is_refused_with_words()
    {
        _trial.CreateImage("disk.img");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/disk.img"))]));
        _ = new Simulation(_trial, ["--grants", "--workload", "idle"]);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("does not offer XEN_MMAP");
        Trial.End(host);
    }

    private string HashOfDisk(int bytes)
    {
        using FileStream image = File.OpenRead(_trial.PathOf("disk.img"));
        byte[] written = new byte[bytes];
        image.ReadExactly(written);
        return Hash(written);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
