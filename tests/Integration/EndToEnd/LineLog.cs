namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>
/// The lines that a program writes, as they come. A test reads them in order: what it waits for is looked for behind what
/// it found last, so that the same words said twice are two events.
/// </summary>
internal sealed class LineLog(string name)
{
    private readonly object _gate = new();
    private readonly List<string> _lines = [];
    private int _next;
    private bool _ended;

    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Everything, for a message to a person.</summary>
    internal string Text => string.Join('\n', All.Select(line => $"{name}| {line}"));

    /// <summary>Takes a line, or null for the end.</summary>
    internal void Add(string? line)
    {
        lock (_gate)
        {
            _ended |= line is null;
            if (line is not null)
            {
                _lines.Add(line);
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The next line that contains all of these words; waits for it.</summary>
    internal string Expect(params string[] words) =>
        Expect(line => words.All(word => line.Contains(word, StringComparison.Ordinal)), string.Join(" … ", words));

    /// <summary>The next line that fits; waits for it.</summary>
    internal string Expect(Func<string, bool> fits, string what)
    {
        long deadline = Environment.TickCount64 + (long)Trial.Limit.TotalMilliseconds;
        lock (_gate)
        {
            while (true)
            {
                for (; _next < _lines.Count; _next++)
                {
                    if (fits(_lines[_next]))
                    {
                        return _lines[_next++];
                    }
                }

                WaitForMore(deadline, what);
            }
        }
    }

    private void WaitForMore(long deadline, string what)
    {
        long left = deadline - Environment.TickCount64;
        if (_ended || left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
        {
            throw new TimeoutException($"{name} {(_ended ? "ended" : "went on")} without saying '{what}':\n{string.Join('\n', _lines)}");
        }
    }
}
