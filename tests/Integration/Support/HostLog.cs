using Microsoft.Extensions.Logging;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>Keeps what the host logs.</summary>
internal sealed class HostLog : ILoggerFactory
{
    internal Happenings<LogEntry> Entries { get; } = new("the host's log");

    /// <summary>The first line of a device that contains all of these.</summary>
    internal LogEntry WaitFor(int device, params string[] parts) => Entries.WaitFor(
        $"a line of device {device} with '{string.Join("', '", parts)}'",
        entry => IsOf(entry, device) && parts.All(part => entry.Message.Contains(part, StringComparison.Ordinal)));

    /// <summary>How many lines of a device contain this.</summary>
    internal int Count(int device, string part) =>
        Entries.All.Count(entry => IsOf(entry, device) && entry.Message.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Log(categoryName, Entries);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private static bool IsOf(LogEntry entry, int device) => entry.Category.Contains($"/{device} ", StringComparison.Ordinal);

    private sealed class Log(string category, Happenings<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Add(new LogEntry(logLevel, category, formatter(state, exception), exception));
    }
}
