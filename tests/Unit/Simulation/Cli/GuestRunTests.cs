using System.Text.Json.Nodes;
using XenDmHost.Simulation.Cli;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Cli;

/// <summary>The report and the exit code of a whole run.</summary>
public sealed class GuestRunTests
{
    [Fact]
    public void A_good_run_reports_each_device_and_the_guest_and_gives_0()
    {
        using var platform = new TestPlatform();
        var blk = new FakeBlk(TestPlatform.FirstWindow, 1000, 1, 0);
        using var host = platform.Attach(blk.Device);

        var (code, lines) = Run(platform);

        Assert.Equal(0, code);
        Assert.Equal(2, lines.Count);
        Assert.Equal((0, 1, "0x2000000", 2, "blk", true), (
            (int)lines[0]["id"]!, (int)lines[0]["run"]!, (string?)lines[0]["base"], (int)lines[0]["deviceId"]!,
            (string?)lines[0]["driver"], (bool)lines[0]["ok"]!));
        Assert.Equal(("work", true, 1), ((string?)lines[1]["guest"], (bool)lines[1]["ok"]!, (int)lines[1]["devices"]!));
        Assert.True((long)lines[1]["accesses"]! > 50);
    }

    [Fact]
    public void Without_a_host_every_device_fails_and_the_code_is_1()
    {
        using var platform = new TestPlatform(devices: 2);

        var (code, lines) = Run(platform);

        Assert.Equal(1, code);
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.False((bool)line["ok"]!));
        Assert.Contains("nobody claims this window", (string?)lines[0]["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_leaves_an_access_unanswered_gives_4()
    {
        using var platform = new TestPlatform(accessSeconds: 0.2);
        using (platform.Attach(new FakeMmioDevice(2, TestPlatform.FirstWindow, 0, 0, [])))
        {
        }

        var (code, lines) = Run(platform);

        Assert.Equal(4, code);
        Assert.Contains("hang for ever", (string?)lines.Single()["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_is_ended_while_it_is_paused_gives_1()
    {
        using var platform = new TestPlatform();

        var (code, lines) = Run(platform, new CancellationToken(canceled: true));

        Assert.Equal(1, code);
        Assert.Equal("ended before the workload was done", (string?)lines.Single()["error"]);
    }

    [Fact]
    public void The_nodes_of_the_domain_are_there_while_it_lives_and_name_base_and_interrupt()
    {
        using var platform = new TestPlatform(devices: 2);
        using var store = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        store.ReceiveTimeout = 10_000;
        store.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(
            Path.Combine(platform.Options.Directory, SimulatedPlatform.XenstoredSocket)));

        Assert.Equal("0x2000200", Read(store, "/local/domain/0/backend/virtio/7/1/base"));
        Assert.Equal("34", Read(store, "/local/domain/0/backend/virtio/7/1/irq"));
        Assert.Equal("work", Read(store, "/local/domain/7/name"));
    }

    /// <summary>XS_READ is 2; header of type, req_id, tx_id and length.</summary>
    private static string Read(System.Net.Sockets.Socket store, string path)
    {
        var body = System.Text.Encoding.ASCII.GetBytes(path + "\0");
        store.Send([.. BitConverter.GetBytes(2), .. new byte[8], .. BitConverter.GetBytes(body.Length), .. body]);
        var answer = new byte[4096];
        var received = 0;
        do
        {
            received += store.Receive(answer.AsSpan(received));
        }
        while (received < 16 || received < 16 + BitConverter.ToInt32(answer, 12));
        return System.Text.Encoding.ASCII.GetString(answer, 16, received - 16);
    }

    private static (int Code, List<JsonNode> Lines) Run(TestPlatform platform, CancellationToken stop = default)
    {
        using var output = new StringWriter();
        using var report = new GuestReport("-", output);
        var code = new GuestRun(platform.Options, platform.Platform, report, new Progress(TextWriter.Null)).Run(stop);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (code, [.. lines.Select(line => JsonNode.Parse(line)!)]);
    }
}
