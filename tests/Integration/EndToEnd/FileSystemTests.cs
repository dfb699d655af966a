using System.Security.Cryptography;
using System.Text.Json.Nodes;
using XenDmHost.Host.Guests;
using XenDmHost.IntegrationTests.Support;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Drivers.Fs;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Folders of the host in a guest, by Debian's virtiofsd, which has no CONFIG and ends when its client leaves. Needs root, as that does.</summary>
public sealed class FileSystemTests : IDisposable
{
    private const int IoError = 5;
    private static readonly DeviceLimits Limits = new(HoldMs: 10_000, ReplyMs: 10_000, MemTableMs: 20_000, ConnectBackoffMaxMs: 50, StopDaemonMs: 5000);

    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_guest_reads_a_real_file_and_what_it_writes_is_in_the_folder()
    {
        byte[] content = Share("folder", 3_000_001);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Folder(0, "folder")]));

        Simulation guest = new(_trial, ["--banks", "2"]);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        JsonObject facts = guest.Facts();
        Trial.End(host);

        Assert.Equal("tag0", facts["tag"]!.GetValue<string>());
        Assert.Equal("a.bin", facts["file"]!.GetValue<string>());
        Assert.Equal(Hash(content), facts["readSha256"]!.GetValue<string>());
        byte[] written = File.ReadAllBytes(_trial.PathOf("folder/" + FsDriver.WrittenFile));
        Assert.Equal(Hash(written), facts["writtenSha256"]!.GetValue<string>());
        Assert.False(File.Exists(_trial.PathOf("fs0.sock")), "the daemon's socket is left behind");
    }

    [Fact]
    public void One_daemon_serves_a_guest_that_mounts_again_and_again()
    {
        Share("folder", 10_000);
        using HandDrivenGuest guest = new(_trial.PathOf("trial"), "trial", devices: 1);
        using HostInProcess host = new(Limits, _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Folder(0, "folder")])));
        guest.WaitUntilConnected();

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(guest.Drive(0)));
        Assert.Equal(1, host.Log.Count(0, "started virtiofsd"));
    }

    /// <summary>
    /// The rings go on; the FUSE session was the daemon's and is lost with it. A driver that begins a new one, as a new mount
    /// does, goes on where it was.
    /// </summary>
    [Fact]
    public void A_killed_daemon_is_started_again_under_a_guest_that_reads_and_a_new_mount_goes_on()
    {
        byte[] content = Share("folder", 200_000);
        using HandDrivenGuest guest = new(_trial.PathOf("trial"), "trial", devices: 1);
        using HostInProcess host = new(Limits, _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Folder(0, "folder")])));
        guest.WaitUntilConnected();
        VirtioMmioDevice device = guest.BringUp(0, queues: 2);
        using DeviceMemory memory = guest.NewMemory();
        FsSession session = new(memory, device.Queues);

        (ulong node, ulong handle) = Mount(session);
        byte[] first = session.Read(node, handle, 0, 100_000);
        Kill(host);
        host.Log.WaitFor(0, "is started again");
        host.Log.WaitFor(0, "rings resumed");
        Assert.Equal(IoError, session.Lookup(FsNode.Root, "a.bin").Error);
        (node, handle) = Mount(session);
        byte[] second = session.Read(node, handle, 100_000, 100_000);
        device.Remove();

        byte[] read = [.. first, .. second];
        Assert.Equal(content, read);
        Assert.Null(guest.Drive(0));
    }

    [Fact]
    public void Without_a_tag_the_device_is_refused_in_words_that_help()
    {
        Share("folder", 1);
        string text = GuestFiles.Of([GuestFiles.Folder(0, "folder")]).Replace(", \"fields\": { \"tag\": \"tag0\" }", "", StringComparison.Ordinal);
        _ = new Simulation(_trial);
        ProgramProcess host = _trial.Run(_trial.Write("guest.json", text));
        host.Errors.Expect("does not offer CONFIG", "give the values in the guest file");
        Trial.End(host);
    }

    private static (ulong Node, ulong Handle) Mount(FsSession session)
    {
        session.Begin();
        FsNode node = FsNode.OfEntry(session.Lookup(FsNode.Root, "a.bin").Expect(FsNode.EntryBytes));
        return (node.Id, session.Open(node.Id));
    }

    private static void Kill(HostInProcess host)
    {
        string line = host.Log.WaitFor(0, "started virtiofsd").Message;
        using System.Diagnostics.Process daemon = System.Diagnostics.Process.GetProcessById(
            int.Parse(line[(line.LastIndexOf(' ') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture));
        daemon.Kill();
    }

    private byte[] Share(string folder, int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(7).NextBytes(content);
        Directory.CreateDirectory(_trial.PathOf(folder));
        File.WriteAllBytes(_trial.PathOf(folder + "/a.bin"), content);
        return content;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
