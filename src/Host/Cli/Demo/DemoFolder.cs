namespace XenDmHost.Host.Cli.Demo;

/// <summary>A folder for one demo, removed afterwards unless it is to be kept.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly bool _keep;

    internal DemoFolder(string? keepIn)
    {
        _keep = keepIn is not null;
        Root = keepIn is null ? Directory.CreateTempSubdirectory("xendmhost-demo-").FullName : Directory.CreateDirectory(keepIn).FullName;
        Directory.CreateDirectory(Simulation);
    }

    internal string Root { get; }

    /// <summary>Where the simulation has its sockets.</summary>
    internal string Simulation => Path.Combine(Root, "simulation");

    /// <summary>The guest file that the demo makes for itself.</summary>
    internal string GuestFile => Path.Combine(Root, "guest.json");

    /// <summary>The devices' state: no matter of other hosts, and where anybody may write.</summary>
    internal string State => Path.Combine(Root, "state");

    /// <summary>What the guest reported, one JSON object a line.</summary>
    internal string Report => Path.Combine(Root, "report.jsonl");

    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
