namespace XenDmHost.Simulation.Cli;

/// <summary>Lines for a person, on standard error; the report goes elsewhere.</summary>
internal sealed class Progress(TextWriter writer)
{
    internal void Say(string line)
    {
        lock (writer)
        {
            writer.WriteLine($"xendmhost-sim: {line}");
            writer.Flush();
        }
    }
}
