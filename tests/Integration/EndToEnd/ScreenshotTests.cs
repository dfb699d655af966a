using System.Security.Cryptography;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Demo;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>A guest draws, Debian's vhost-user-gpu or the stand-in sends the pixels to the host, `screenshot` saves them.</summary>
public sealed class ScreenshotTests : IDisposable
{
    private const string TwoScreens = """, "options": { "scanouts": [ { "width": 640, "height": 480 }, { "width": 320, "height": 200 } ] }""";
    private static readonly string[] Debian = ["/usr/lib/qemu/vhost-user-gpu", "-s", "{socket}"];
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_picture_of_each_screen_is_the_guests_pixel_for_pixel_after_a_change_of_size(bool real)
    {
        (Simulation guest, ProgramProcess host) = Serve(real ? Debian : GuestFiles.StandIn("gpu"), TwoScreens);
        JsonObject facts = guest.Facts();
        AssertSame(facts, 0, (400, 300));
        AssertSame(facts, 1, (320, 200));
        Assert.Contains("there are the screens 0 to 1", Refused("--screen", "2"), StringComparison.Ordinal);
        guest.Process.CloseInput();
        guest.Finish();
        Trial.End(host);
    }

    [Fact]
    public void The_pointer_is_drawn_where_the_guest_has_moved_it()
    {
        (Simulation guest, ProgramProcess host) = Serve(Debian, TwoScreens);
        JsonNode cursor = guest.Facts()["cursor"]!;
        (int left, int top) = (cursor["x"]!.GetValue<int>(), cursor["y"]!.GetValue<int>());
        byte[] plain = Shoot(), pointed = Shoot("--cursor");
        Assert.NotEqual(plain, pointed);
        for (int i = 0; i < plain.Length; i++)
        {
            int x = i / 3 % 400, y = i / 3 / 400;
            bool inside = x >= left && x < left + 64 && y >= top && y < top + 64;
            Assert.True(inside || plain[i] == pointed[i], $"{x},{y}");
        }

        Trial.End(host);
    }

    [Fact]
    public void A_killed_daemon_is_started_again_gets_a_socket_again_and_the_picture_comes_back()
    {
        (Simulation guest, ProgramProcess host) = Serve(Debian, TwoScreens + """, "quirks": { "reset-after-restart": true }""");
        int daemon = BackEndDeathTests.StartedDaemon(host);
        AssertSame(guest.Facts(), 0, (400, 300));
        using (System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(daemon))
        {
            process.Kill();
        }

        host.Errors.Expect("lost with the back-end");
        AssertSame(guest.Facts(run: 2), 0, (400, 300));
        Trial.End(host);
    }

    [Theory]
    [InlineData("unknown-request", "request 99 is unknown")]
    [InlineData("oversized-request", "announces 2147483647 bytes of payload")]
    [InlineData("short-update", "an update of 16x16 pixels came with 4 bytes")]
    [InlineData("unexpected-fds", "more than 1 file descriptor(s)")]
    [InlineData("endless-request", "was begun and not completed within")]
    public void Hostile_bytes_cost_that_device_alone(string fault, string words)
    {
        (Simulation guest, ProgramProcess host) = Serve(GuestFiles.StandIn("gpu", "--gpu-fault", fault), "", GuestFiles.Sound(1, GuestFiles.StandIn("snd")));
        host.Errors.Expect("needs a reset by its guest", words);
        Assert.True(guest.Report(1)["ok"]!.GetValue<bool>());
        Trial.End(host);
    }

    private (Simulation Guest, ProgramProcess Host) Serve(string[] launch, string more, params string[] others)
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Gpu(0, launch, more), .. others]));
        return (new Simulation(_trial, ["--wait"], devices: 1 + others.Length), _trial.Run(file));
    }

    private void AssertSame(JsonObject facts, int screen, (int Width, int Height) size)
    {
        JsonNode picture = facts["pictures"]![screen]!;
        Assert.Equal(size, (picture["width"]!.GetValue<int>(), picture["height"]!.GetValue<int>()));
        Assert.Equal(picture["rgbSha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(Shoot("--screen", $"{screen}"))));
    }

    private byte[] Shoot(params string[] options)
    {
        ProgramProcess command = Ask(options);
        Assert.True(command.WaitForExit() == 0, command.Errors.Text);
        return DemoPng.ReadRgb(File.ReadAllBytes(_trial.PathOf("shot.png")));
    }

    private string Refused(params string[] options)
    {
        ProgramProcess command = Ask(options);
        Assert.Equal(1, command.WaitForExit());
        return Assert.Single(command.Errors.All);
    }

    private ProgramProcess Ask(string[] options) =>
        _trial.Host(["screenshot", "trial", "--runtime", _trial.PathOf("runtime"), "-o", _trial.PathOf("shot.png"), .. options]);
}
