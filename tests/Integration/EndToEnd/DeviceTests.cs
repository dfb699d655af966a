using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>A guest drives its devices through the host: what the drivers verified, and what the back-ends were left with.</summary>
public sealed class DeviceTests : IDisposable
{
    private const string Xen = "--xen";
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 1)]
    public void Disks_and_sound_cards_of_both_forms_serve_a_guest_of_any_shape(int vcpus, int banks)
    {
        _trial.CreateImage("plain.img");
        _trial.CreateImage("xen.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/plain.img")),
            GuestFiles.Disk(1, GuestFiles.StandIn("blk", "--image", "{dir}/xen.img", Xen)),
            GuestFiles.Sound(2, GuestFiles.StandIn("snd", "--record", "{dir}/plain.pcm")),
            GuestFiles.Sound(3, GuestFiles.StandIn("snd", "--record", "{dir}/xen.pcm", Xen)),
        ]));

        Simulation guest = new(_trial, ["--vcpus", $"{vcpus}", "--banks", $"{banks}"], devices: 4);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(host);

        Assert.Equal(["32", "40", "32", "40"], Enumerable.Range(0, 4).Select(id => LayoutOf(id, log)));
        Assert.Contains(log, line => line.Contains($"{vcpus} vCPUs, 64 MiB of RAM in {banks} bank(s)", StringComparison.Ordinal));
        Assert.Equal(Text(guest.Facts(0), "writtenSha256"), HashOfWritten("plain.img", guest.Facts(0)));
        Assert.Equal(Text(guest.Facts(1), "writtenSha256"), HashOfWritten("xen.img", guest.Facts(1)));
        Assert.Equal(Text(guest.Facts(2), "playedSha256"), HashOf(File.ReadAllBytes(_trial.PathOf("plain.pcm"))));
        Assert.Equal(Text(guest.Facts(3), "playedSha256"), HashOf(File.ReadAllBytes(_trial.PathOf("xen.pcm"))));
    }

    [Fact]
    public void Queues_have_the_sizes_of_the_plugin_or_of_the_guest_file()
    {
        string[] large = GuestFiles.StandIn("snd", "--max-queue-size", "1024"), small = GuestFiles.StandIn("snd", "--max-queue-size", "64");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Sound(0, small),
            GuestFiles.Sound(1, large, """, "queues": { "size": 1024 }"""),
            GuestFiles.Sound(2, large, """, "queues": { "size": 256, "sizes": { "event": 32, "tx": 1024 } }"""),
        ]));

        Simulation guest = new(_trial, devices: 3);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);

        Assert.Equal("[64,64,64,64]", guest.Facts(0)["queueSizes"]!.ToJsonString());
        Assert.Equal("[1024,1024,1024,1024]", guest.Facts(1)["queueSizes"]!.ToJsonString());
        Assert.Equal("[256,32,1024,256]", guest.Facts(2)["queueSizes"]!.ToJsonString());
    }

    [Fact]
    public void A_queue_size_over_the_back_ends_maximum_fails_that_device_in_words_and_no_other()
    {
        string[] small = GuestFiles.StandIn("snd", "--max-queue-size", "64");
        string file = _trial.Write("guest.json", GuestFiles.Of(
            [GuestFiles.Sound(0, small, """, "queues": { "size": 128 }"""), GuestFiles.Sound(1, small)]));

        Simulation guest = new(_trial, devices: 2);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("SET_VRING_NUM", "128");
        Assert.Equal(1, guest.Process.WaitForExit());
        Trial.End(host);

        Assert.Matches("NeedsReset|DEVICE_NEEDS_RESET", Text(guest.Report(0), "error"));
        Assert.Equal("[64,64,64,64]", guest.Facts(1)["queueSizes"]!.ToJsonString());
    }

    [Fact]
    public void A_disk_with_two_queues_is_served_by_the_stand_in_and_by_Debians_daemon()
    {
        _trial.CreateImage("a.img");
        _trial.CreateImage("b.img");
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", "{dir}/a.img", "--queues", "2"), queues: 2),
            GuestFiles.Disk(1, GuestFiles.StorageDaemon("b.img", queues: 2), queues: 2),
        ]));

        Simulation guest = new(_trial, devices: 2);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);

        Assert.Equal("[128,128]", guest.Facts(0)["queueSizes"]!.ToJsonString());
        Assert.Equal("[128,128]", guest.Facts(1)["queueSizes"]!.ToJsonString());
        Assert.Equal(Text(guest.Facts(0), "writtenSha256"), HashOfWritten("a.img", guest.Facts(0)));
        Assert.Equal(Text(guest.Facts(1), "writtenSha256"), HashOfWritten("b.img", guest.Facts(1)));
    }

    [Fact]
    public void One_host_serves_the_guests_of_all_files_in_a_folder()
    {
        foreach (string name in (string[])["one", "two"])
        {
            _trial.CreateImage($"{name}.img");
            Directory.CreateDirectory(_trial.PathOf("guests"));
            string text = GuestFiles.Of([GuestFiles.Disk(0, GuestFiles.StandIn("blk", "--image", $"{{dir}}/../{name}.img"))], name);
            _trial.Write($"guests/{name}.json", text.Replace($"\"{name}\", \"devices\"", $"\"../{name}\", \"devices\"", StringComparison.Ordinal)
                .Replace("disk0.sock", $"{name}.sock", StringComparison.Ordinal));
        }

        Simulation one = new(_trial, ["--seed", "1"], "one"), two = new(_trial, ["--seed", "2"], "two");
        ProgramProcess host = _trial.Run(_trial.PathOf("guests"));
        one.Finish();
        two.Finish();
        Trial.End(host);

        Assert.Equal(Text(one.Facts(), "writtenSha256"), HashOfWritten("one.img", one.Facts()));
        Assert.Equal(Text(two.Facts(), "writtenSha256"), HashOfWritten("two.img", two.Facts()));
        Assert.NotEqual(Text(one.Facts(), "writtenSha256"), Text(two.Facts(), "writtenSha256"));
    }

    private static string Text(JsonObject facts, string name) => facts[name]!.GetValue<string>();

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string LayoutOf(int id, IReadOnlyList<string> log) =>
        log.Single(line => line.Contains($"device {id} (", StringComparison.Ordinal)).Split(", ")[^1][..2];

    private string HashOfWritten(string image, JsonObject facts) => HashOf(
        File.ReadAllBytes(_trial.PathOf(image)).AsSpan(facts["writtenOffset"]!.GetValue<int>(), facts["bytesWritten"]!.GetValue<int>()));
}
