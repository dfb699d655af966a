using Serilog;
using Serilog.Events;
using XenDmHost.Host.Observe;

namespace XenDmHost.UnitTests.Observe;

/// <summary>One event is one line, whatever is in it.</summary>
public sealed class LogLineFormatterTests
{
    [Theory]
    [InlineData(LogEventLevel.Fatal, "<2>")]
    [InlineData(LogEventLevel.Error, "<3>")]
    [InlineData(LogEventLevel.Warning, "<4>")]
    [InlineData(LogEventLevel.Information, "<6>")]
    [InlineData(LogEventLevel.Debug, "<7>")]
    public void The_journal_gets_its_priorities(LogEventLevel level, string prefix) =>
        Assert.Equal(prefix + "said\n", Format(underJournal: true, log => log.Write(level, "said")));

    [Fact]
    public void People_get_time_and_level() =>
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} warn  said\n$", Format(underJournal: false, log => log.Warning("said")));

    [Fact]
    public void Text_stands_as_it_is_without_quotes() =>
        Assert.EndsWith("a path /run/x.sock\n", Format(false, log => log.Warning("a path {Path}", "/run/x.sock")), StringComparison.Ordinal);

    [Fact]
    public void A_line_feed_or_an_escape_from_a_guest_makes_no_line_of_its_own()
    {
        string line = Format(underJournal: true, log => log.Error("daemon: {Line}", "a\n<2>b\u001b[31m"));

        Assert.Equal("<3>daemon: a <2>b [31m\n", line);
    }

    [Fact]
    public void An_exception_is_on_the_same_line()
    {
        string line = Format(underJournal: true, log => log.Error(new InvalidOperationException("one\ntwo"), "failed"));

        Assert.StartsWith("<3>failed | System.InvalidOperationException: one two", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    private static string Format(bool underJournal, Action<ILogger> write)
    {
        Capture sink = new();
        using Serilog.Core.Logger log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(sink).CreateLogger();
        write(log);
        using StringWriter output = new();
        new LogLineFormatter(underJournal).Format(sink.Event!, output);
        return output.ToString();
    }

    private sealed class Capture : Serilog.Core.ILogEventSink
    {
        internal LogEvent? Event { get; private set; }

        public void Emit(LogEvent logEvent) => Event = logEvent;
    }
}
