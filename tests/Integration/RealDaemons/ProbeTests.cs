using System.Diagnostics;
using XenDmHost.Host.Guests;
using XenDmHost.IntegrationTests.EndToEnd;
using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.RealDaemons;

/// <summary>What Debian 12's daemons offer, as `probe` finds it.</summary>
public sealed class ProbeTests
{
    private const string Ring = "NOTIFY_ON_EMPTY LOG_ALL INDIRECT_DESC EVENT_IDX PROTOCOL_FEATURES VERSION_1";

    [Fact]
    public void The_storage_daemon()
    {
        using RealDaemon daemon = RealDaemon.Storage();
        BackEndReport report = daemon.Probe();
        Assert.Equal(0x175007e46UL, report.Features);
        Assert.Equal("1 2 6 9 10 11 12 13 14 " + Ring, string.Join(' ', report.FeatureNames));
        Assert.Equal(0x8f2bUL, report.ProtocolFeatures);
        Assert.Equal(
            "MQ LOG_SHMFD REPLY_ACK BACKEND_REQ PAGEFAULT CONFIG BACKEND_SEND_FD HOST_NOTIFIER CONFIGURE_MEM_SLOTS",
            string.Join(' ', report.ProtocolFeatureNames));
        Assert.Equal((1, 32), (report.Queues, report.MemorySlots));
        Assert.Equal(60, report.Config!.Length);
        Assert.False(report.ServesXen);
    }

    [Fact]
    public void The_file_system_daemon_without_a_config_space()
    {
        using RealDaemon daemon = RealDaemon.FileSystem();
        BackEndReport report = daemon.Probe();
        Assert.Equal(0x175000000UL, report.Features);
        Assert.Equal(Ring, string.Join(' ', report.FeatureNames));
        Assert.Equal(0x8c2bUL, report.ProtocolFeatures);
        Assert.Equal(2, report.Queues);
        Assert.Null(report.Config);
    }

    [Fact]
    public void The_gpu_daemon_whose_config_space_is_all_zero()
    {
        using RealDaemon daemon = RealDaemon.Gpu();
        BackEndReport report = daemon.Probe();
        Assert.Equal(0x175000000UL, report.Features);
        Assert.Equal(0x8f2bUL, report.ProtocolFeatures);
        Assert.Equal(2, report.Queues);
        Assert.Equal(new byte[16], report.Config);
    }

    [Fact]
    public void The_command_prints_a_table_or_an_object_and_says_why_there_is_none()
    {
        using BackEndProcess standIn = BackEndProcess.StartStandIn("snd", "--all-protocol-features", "--xen");
        ProgramProcess table = Run("probe", standIn.Socket);
        Assert.Equal(0, table.WaitForExit());
        Assert.Matches("(?m)\\| features +0x170000000 ", table.Output.Text);
        Assert.Matches("(?m)\\| queues +4$", table.Output.Text);
        Assert.Matches("(?m)\\| memory slots +509$", table.Output.Text);
        Assert.Matches("(?m)\\| config +12 bytes$", table.Output.Text);
        Assert.Matches("(?m)\\| guests on Xen +yes$", table.Output.Text);
        ProgramProcess json = Run("probe", "--json", standIn.Socket);
        Assert.Equal(0, json.WaitForExit());
        Assert.Contains("\"memorySlots\": 509", json.Output.Text, StringComparison.Ordinal);
        ProgramProcess none = Run("probe", standIn.Socket + ".none");
        Assert.Equal(1, none.WaitForExit());
        Assert.Contains("ENOENT: no socket there yet", none.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_finds_a_queue_that_is_too_large_for_the_back_end()
    {
        using BackEndProcess standIn = BackEndProcess.StartStandIn("snd", "--max-queue-size", "32");
        string file = Path.Combine(standIn.Folder, "guest.json");
        File.WriteAllText(file, GuestFiles.Of([GuestFiles.Sound(0, [], ", \"queues\": { \"size\": 64 }")]).Replace("sound0.sock", standIn.Socket, StringComparison.Ordinal));
        ProgramProcess check = Run("check", file);
        Assert.Equal(1, check.WaitForExit());
        Assert.Contains("SET_VRING_NUM queue 0 = 64: refused by the back-end (answer 1): the back-end's maximum queue size is smaller", check.Output.Text, StringComparison.Ordinal);
    }

    private static ProgramProcess Run(params string[] arguments) => new("xendmhost", new ProcessStartInfo(Programs.Host, arguments));
}
