using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using XenDmHost.IntegrationTests.StandIns;
using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>
/// A host and a guest with two devices: a disk whose back-end is the test's, and a sound card whose back-end does nothing
/// wrong. The way to each back-end is a link, so that another one can take its place.
/// </summary>
internal sealed class FaultScene : IDisposable
{
    internal const int Disk = 0;
    internal const int Sound = 1;
    private const string Simulation = "simulation";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);

    private readonly HealthyBackEnds _healthy;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faults");
    private readonly string _descriptorsBefore;
    private readonly string _threadsBefore;
    private BackEndProcess? _faulty;
    private readonly FaultSetup _setup;
    private readonly string _file;
    private HostInProcess _host;
    private readonly SimulatedGuest? _guest;
    private readonly HandDrivenGuest? _hand;
    private bool _hostEnded;

    /// <param name="healthy">The back-ends that do nothing wrong.</param>
    /// <param name="setup">What is special here.</param>
    internal FaultScene(HealthyBackEnds healthy, FaultSetup setup)
    {
        _healthy = healthy;
        _setup = setup;
        if (setup.GuestArguments is { } guestArguments)
        {
            _guest = new SimulatedGuest(Path.Combine(Folder, Simulation), "work", [.. guestArguments, "--devices", "2"]);
        }

        Link("sound.sock", healthy.Sound);
        if (setup.DiskArguments is { } arguments)
        {
            // On the same image as its replacement, which may meet a guest that has written here and reads there.
            _faulty = BackEndProcess.StartStandIn(["blk", "--image", healthy.DiskImage, "--size", "8388608", .. arguments]);
            Link("disk.sock", _faulty.Socket);
        }

        _file = Path.Combine(_folder.FullName, "guest.json");
        File.WriteAllText(_file, GuestFile(setup).ToJsonString());
        _descriptorsBefore = ProcessCensus.Descriptors();
        _threadsBefore = ProcessCensus.Threads();
        if (setup.GuestArguments is null)
        {
            // In this process, so it is a part of what must be gone in the end.
            _hand = new HandDrivenGuest(Path.Combine(Folder, Simulation), "work", devices: 2, setup.Xenbus);
            setup.Before(_hand);
        }

        _host = new HostInProcess(setup.Limits, _file);
    }

    /// <summary>The guest in its own process.</summary>
    internal SimulatedGuest Guest => _guest!;

    /// <summary>The guest whose accesses the test makes.</summary>
    internal HandDrivenGuest Hand => _hand!;

    internal HostLog Log => _host.Log;

    internal HostInProcess Host => _host;

    internal BackEndProcess Faulty => _faulty!;

    internal string Folder => _folder.FullName;

    /// <summary>The file behind the disk.</summary>
    internal string DiskImage => _healthy.DiskImage;

    /// <summary>The healthy disk takes the place of the other one, at the next connection.</summary>
    internal void ReplaceDisk() => ReplaceDisk(_healthy.Disk);

    /// <summary>Another disk takes the place of the one that is there, at the next connection.</summary>
    internal void ReplaceDisk(string socket) => Link("disk.sock", socket);

    /// <summary>
    /// The guest is told to end, and what must hold in every case is looked at: the sound card worked, every access was
    /// answered, the host did not fail, and nothing of it is left.
    /// </summary>
    internal void AssertTheRestIsUnharmed()
    {
        Guest.WaitUntilGood(Sound);
        JsonNode last = Guest.End();
        AssertTheRestIsUnharmed(last);
    }

    /// <summary>The same for a guest that has ended by itself.</summary>
    internal void AssertTheRestIsUnharmed(JsonNode last)
    {
        // 3 is a violation of the ioreq protocol, 4 an access that nobody answered.
        Assert.True(Guest.ExitCode is 0 or 1, last.ToJsonString());
        EndHost();
        Assert.True(Host.Counters.Reads > 0);
        AssertNothingIsLeftOfTheHost();
    }

    /// <summary>The host did not fail, and nothing of it is left; after its end.</summary>
    internal void AssertNothingIsLeftOfTheHost()
    {
        Assert.Equal(0, Host.Counters.Faults);
        Assert.DoesNotContain(Log.Entries.All, entry => entry.Exception is not null || entry.Level == LogLevel.Critical);

        // A thread that was joined is in /proc for a moment longer, and so is what a simulation in this process closes.
        SpinWait.SpinUntil(() => ProcessCensus.Threads() == _threadsBefore && ProcessCensus.Descriptors() == _descriptorsBefore, Moment);
        Assert.Equal(_threadsBefore, ProcessCensus.Threads());
        Assert.Equal(_descriptorsBefore, ProcessCensus.Descriptors());
    }

    /// <summary>The process ids of the daemons that the host started.</summary>
    internal IEnumerable<string> LaunchedDaemons() => Log.Entries.All
        .Select(entry => entry.Message)
        .Where(message => message.StartsWith("started ", StringComparison.Ordinal))
        .Select(message => message[(message.LastIndexOf(' ') + 1)..].TrimEnd(')'));

    /// <summary>Ends the faulty disk, if there is one: whoever is connected to it loses it.</summary>
    internal void EndFaulty()
    {
        _faulty?.Dispose();
        _faulty = null;
    }

    internal void EndHost()
    {
        if (!_hostEnded)
        {
            _hostEnded = true;
            _host.Dispose();
        }
    }

    /// <summary>After the end of one host: another takes its place. The log and the counters are the new one's from here on.</summary>
    internal void StartSuccessor()
    {
        _host = new HostInProcess(_setup.Limits, _file);
        _hostEnded = false;
    }

    public void Dispose()
    {
        EndHost();
        _guest?.Dispose();
        _hand?.Dispose();
        _faulty?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static JsonObject GuestFile(FaultSetup setup)
    {
        JsonObject disk = new()
        {
            ["plugin"] = "generic",
            ["id"] = Disk,
            ["options"] = new JsonObject { ["profile"] = "blk" },
            ["backEnd"] = new JsonObject { ["socket"] = "disk.sock" },
        };
        if (setup.WaitForBackEndMs > 0)
        {
            disk["transport"] = new JsonObject { ["waitForBackEndMs"] = setup.WaitForBackEndMs };
        }

        if (setup.DiskLaunch.Count > 0)
        {
            disk["backEnd"]!["launch"] = new JsonArray([.. setup.DiskLaunch.Select(part => (JsonNode)part)]);
        }

        JsonObject sound = new() { ["plugin"] = "snd", ["id"] = Sound, ["backEnd"] = new JsonObject { ["socket"] = "sound.sock" } };
        return new JsonObject
        {
            ["guest"] = "work",
            ["platform"] = "simulated",
            ["simulation"] = Simulation,
            ["attach"] = setup.Xenbus,
            ["devices"] = new JsonArray(disk, sound),
        };
    }

    /// <summary>Made aside and renamed, so that there is never nothing.</summary>
    private void Link(string name, string target)
    {
        string aside = Path.Combine(Folder, name + ".new");
        File.CreateSymbolicLink(aside, target);
        File.Move(aside, Path.Combine(Folder, name), overwrite: true);
    }
}
