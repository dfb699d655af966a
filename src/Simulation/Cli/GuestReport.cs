using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Cli;

/// <summary>The report stream: one JSON object a line, each written out at once.</summary>
internal sealed class GuestReport : IDisposable
{
    private readonly TextWriter _writer;
    private readonly bool _owned;

    /// <param name="target">A file, which is written anew, or "-" for <paramref name="standardOutput"/>.</param>
    /// <param name="standardOutput">Not closed at the end.</param>
    internal GuestReport(string target, TextWriter standardOutput)
    {
        _owned = target != "-";
        _writer = _owned ? new StreamWriter(target) : standardOutput;
    }

    internal void Write(JsonObject line)
    {
        lock (_writer)
        {
            _writer.WriteLine(line.ToJsonString());
            _writer.Flush();
        }
    }

    public void Dispose()
    {
        if (_owned)
        {
            _writer.Dispose();
        }
    }
}
