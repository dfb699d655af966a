using System.Diagnostics;
using System.Globalization;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>
/// A folder of one test's own and the programs that it starts there. Their temporary files go to a folder inside it, so
/// that what they leave behind can be seen.
/// </summary>
internal sealed class Trial : IDisposable
{
    /// <summary>How long anything may take before a test fails; a machine may be busy with other things.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    private readonly List<ProgramProcess> _processes = [];

    internal Trial() => Directory.CreateDirectory(Temporary);

    internal string Folder { get; } = Directory.CreateTempSubdirectory("e2e-").FullName;

    /// <summary>What the programs take for /tmp.</summary>
    internal string Temporary => Path.Combine(Folder, "tmp");

    internal string PathOf(string name) => Path.Combine(Folder, name);

    internal string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>A file of zeros.</summary>
    internal string CreateImage(string name, long bytes = 16 << 20)
    {
        using FileStream image = File.Create(PathOf(name));
        image.SetLength(bytes);
        return PathOf(name);
    }

    internal ProgramProcess Host(params string[] arguments) => Start("host", Programs.Host, arguments);

    /// <summary>Serves guest files; ready to be killed or asked to end once its first line is there.</summary>
    internal ProgramProcess Run(params string[] arguments) => Host(["run", "--runtime", PathOf("runtime"), .. arguments]);

    internal ProgramProcess StandIn(params string[] arguments)
    {
        ProgramProcess process = Start("stand-in", Programs.Simulation, ["stand-in", .. arguments]);
        process.Output.Expect("ready");
        return process;
    }

    internal ProgramProcess Start(string name, string program, IEnumerable<string> arguments, string? path = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = Folder };
        start.Environment["TMPDIR"] = Temporary;
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        ProgramProcess process = new(name, start);
        _processes.Add(process);
        return process;
    }

    /// <summary>Ends a host as an init system does, which must work, and gives its log.</summary>
    internal static IReadOnlyList<string> End(ProgramProcess host)
    {
        host.Signal("TERM");
        Assert.True(host.WaitForExit() == 0, host.Errors.Text);
        return host.Errors.All;
    }

    /// <summary>The command lines of the living processes that were started in here, by whomever.</summary>
    internal IReadOnlyList<string> LivingProcesses() =>
        [.. OurProcesses().Select(folder => ReadOrNothing(folder, "cmdline").Replace('\0', ' '))];

    public void Dispose()
    {
        _processes.Reverse();
        _processes.ForEach(process => process.Dispose());

        // Whatever a host that failed its test left behind.
        OurProcesses().ForEach(EndProcess);
        Directory.Delete(Folder, recursive: true);
    }

    private static void EndProcess(string folder)
    {
        int id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
        using Process kill = Process.Start("kill", ["-KILL", $"{id}"]);
        kill.WaitForExit();
        ProgramProcess.WaitForEndOf(id);
    }

    private List<string> OurProcesses() => [.. Directory.EnumerateDirectories("/proc").Where(IsOurs)];

    private bool IsOurs(string folder) =>
        int.TryParse(Path.GetFileName(folder), out _)
        && ReadOrNothing(folder, "environ").Split('\0').Contains($"TMPDIR={Temporary}");

    /// <summary>A process may go while it is looked at; one that has ended and was not reaped has no environment.</summary>
    private static string ReadOrNothing(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
