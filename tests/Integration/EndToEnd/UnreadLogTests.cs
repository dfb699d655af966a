using System.Diagnostics;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Whoever reads the host's log stands still.</summary>
public sealed class UnreadLogTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    /// <summary>The daemon says more than fits into the pipe and into the host's memory before it serves.</summary>
    [Fact]
    public void A_pipe_that_nobody_reads_keeps_no_guest_from_being_served_and_the_host_from_ending()
    {
        string[] talkative = ["/bin/sh", "-c", "seq 1 50000 >&2; exec \"$@\"", "sh", .. GuestFiles.StandIn("snd")];
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, talkative)]));
        Simulation guest = new(_trial);

        ProcessStartInfo start = new(Programs.Host, ["run", "--runtime", _trial.PathOf("runtime"), file])
        {
            WorkingDirectory = _trial.Folder,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _trial.Temporary;
        using Process host = Process.Start(start)!;
        guest.Facts();
        guest.Finish();

        using Process kill = Process.Start("kill", ["-TERM", $"{host.Id}"]);
        kill.WaitForExit();
        Assert.True(host.WaitForExit(Trial.Limit), "the host does not end");
        Assert.Equal(0, host.ExitCode);
    }
}
