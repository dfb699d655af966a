using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Observe;

/// <summary>
/// Where log lines go: standard error, as text for people, with the journal's priorities under systemd, or as one JSON
/// object a line.
/// </summary>
internal static class LogSetup
{
    /// <summary>A line has 4 KiB at most: 16 MiB in all.</summary>
    private const int LinesInMemory = 4096;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    internal static Logger Create(LogSettings settings)
    {
        ITextFormatter formatter = settings.Format == LogFormat.Json
            ? new RenderedCompactJsonFormatter()
            : new LogLineFormatter(underJournal: Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null);
        Logger console = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Console(formatter, standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        return new LoggerConfiguration()
            .MinimumLevel.Is(LevelOf(settings.Level))
            .WriteTo.Sink(new PatientSink(console, LinesInMemory, EndLimit))
            .CreateLogger();
    }

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };
}
