using System.Text.Json.Nodes;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>
/// The demo's own guest file and what belongs to it. The simulation makes it, because it knows device types and the
/// host does not; it also looks afterwards whether the guest's data arrived where it should.
/// </summary>
internal sealed class DemoPreparation
{
    private readonly Dictionary<int, string> _marks = [];
    private readonly string? _program;
    private readonly DemoFolder? _folder;

    private DemoPreparation(string? program, DemoFolder? folder)
    {
        _program = program;
        _folder = folder;
    }

    /// <summary>For a guest file of the user's own.</summary>
    internal static DemoPreparation None { get; } = new(null, null);

    /// <summary>Makes the files; what is missing on this machine is said on standard error.</summary>
    internal static DemoPreparation Make(string program, DemoFolder folder)
    {
        DemoPreparation preparation = new(program, folder);
        (int exitCode, IReadOnlyList<string> lines) = SimulationProgram.Run(
            program, Console.Error.WriteLine, "prepare", "--directory", folder.Root);
        if (exitCode != 0)
        {
            throw new InvalidDataException($"xendmhost-sim prepare ended with exit code {exitCode}");
        }

        foreach (JsonNode line in lines.Select(line => JsonNode.Parse(line)!))
        {
            preparation._marks[line["id"]!.GetValue<int>()] = line["backEnd"]!.GetValue<string>();
        }

        return preparation;
    }

    /// <summary>Adds what is known of the back-ends, and what they left behind.</summary>
    internal void Complete(List<DemoResult> results)
    {
        if (_program is null)
        {
            return;
        }

        results.ForEach(result => result.Mark = _marks.GetValueOrDefault(result.Id));
        (_, IReadOnlyList<string> lines) = SimulationProgram.Run(_program, Console.Error.WriteLine, "verify", "--directory", _folder!.Root);
        foreach (JsonNode line in lines.Select(line => JsonNode.Parse(line)!))
        {
            results.Find(result => result.Id == line["id"]!.GetValue<int>())
                ?.AddFinding(line["ok"]!.GetValue<bool>(), line["text"]!.GetValue<string>());
        }
    }
}
