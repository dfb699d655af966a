using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace XenDmHost.Host.Observe;

/// <summary>
/// One line per event. The journal has a clock of its own and takes the priority from a prefix (sd-daemon(3), SD_ERR
/// and others); elsewhere the line begins with the time and the level.
/// </summary>
/// <param name="underJournal">Whether the journal reads the lines.</param>
internal sealed class LogLineFormatter(bool underJournal) : ITextFormatter
{
    // "l": text as it is, not in quotes.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}");

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(underJournal
            ? $"<{PriorityOf(logEvent.Level)}>"
            : $"{logEvent.Timestamp:HH:mm:ss.fff} {NameOf(logEvent.Level)} ");
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out LogEventPropertyValue? source)
            && source is ScalarValue { Value: string name })
        {
            output.Write(name.StartsWith("XenDmHost.", StringComparison.Ordinal) ? "" : name + ": ");
        }

        using StringWriter message = new();
        Message.Format(logEvent, message);
        WriteInOneLine(message.ToString(), output);
        if (logEvent.Exception is { } exception)
        {
            WriteInOneLine(" | " + exception, output);
        }

        output.Write('\n');
    }

    /// <summary>What a guest or a back-end wrote may be part of a message and must not make lines of its own.</summary>
    private static void WriteInOneLine(string text, TextWriter output)
    {
        foreach (char c in text)
        {
            output.Write(char.IsControl(c) ? ' ' : c);
        }
    }

    private static int PriorityOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    private static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => "fatal",
        LogEventLevel.Error => "error",
        LogEventLevel.Warning => "warn ",
        LogEventLevel.Information => "info ",
        _ => "debug",
    };
}
