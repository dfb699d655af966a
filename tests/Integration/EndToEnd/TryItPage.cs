using System.Text.RegularExpressions;
using XenDmHost.IntegrationTests.Plugins;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>docs/try-it.md as a program: its commands in their order, each with the output that the page promises.</summary>
internal sealed partial class TryItPage
{
    private const string PagesFolder = "/tmp/try-it";

    private readonly Trial _trial;
    private readonly Queue<(string Language, string Text)> _blocks;

    internal TryItPage(Trial trial)
    {
        _trial = trial;
        string page = File.ReadAllText(Checkout.PathOf("docs", "try-it.md")).Replace(PagesFolder, trial.PathOf("try-it"), StringComparison.Ordinal);
        _blocks = new(Block().Matches(page).Select(match => (match.Groups[1].Value, match.Groups[2].Value)));
    }

    internal bool IsAtTheEnd => _blocks.Count == 0;

    /// <summary>Leaves out a step.</summary>
    internal void Skip(string start)
    {
        (string language, string text) = _blocks.Dequeue();
        Assert.Equal("sh", language);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
    }

    /// <summary>Runs the next step to its good end and looks whether it says what the page shows.</summary>
    internal ProgramProcess Do(string start)
    {
        ProgramProcess step = Start(start, "");
        Assert.True(step.WaitForExit() == 0, step.Output.Text + step.Errors.Text);
        ExpectShown(step);
        return step;
    }

    /// <summary>Starts the next step, which goes on running, and waits until it has said what the page shows.</summary>
    internal ProgramProcess Begin(string start)
    {
        ProgramProcess step = Start(start, "exec ");
        ExpectShown(step);
        return step;
    }

    /// <summary>Waits for the lines that the page shows next, if it shows any before the next step.</summary>
    internal void ExpectShown(ProgramProcess process)
    {
        if (!_blocks.TryPeek(out (string Language, string Text) block) || block.Language != "text")
        {
            return;
        }

        // What a program is there for goes to standard output, what it says about itself to standard error.
        LineLog log = process.Output.All.Count > 0 ? process.Output : process.Errors;
        foreach (string line in _blocks.Dequeue().Text.TrimEnd('\n').Split('\n'))
        {
            string pattern = "^" + Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal);
            log.Expect(said => Regex.IsMatch(said, pattern), line);
        }
    }

    private ProgramProcess Start(string start, string how)
    {
        (string language, string text) = _blocks.Dequeue();
        Assert.Equal("sh", language);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        string path = string.Join(':', Programs.HostFolder, Programs.SimulationFolder, Environment.GetEnvironmentVariable("PATH"));
        return _trial.Start(start, "bash", ["-ec", $"cd '{Checkout.Root}'\n{how}{text}"], path);
    }

    [GeneratedRegex("^```(sh|text)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
