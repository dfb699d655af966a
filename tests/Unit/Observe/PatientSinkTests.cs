using Serilog;
using Serilog.Core;
using Serilog.Events;
using XenDmHost.Host.Observe;

namespace XenDmHost.UnitTests.Observe;

/// <summary>A log whose reader may stand still.</summary>
public sealed class PatientSinkTests : ILogEventSink, IDisposable
{
    private const int Capacity = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _reads = new();
    private readonly SemaphoreSlim _waits = new(0);
    private readonly List<string> _written = [];

    public void Dispose()
    {
        _reads.Dispose();
        _waits.Dispose();
    }

    [Fact]
    public void Everything_is_written_in_order_before_the_end()
    {
        _reads.Set();
        using (Logger log = Log(Limit))
        {
            log.Information("one");
            log.Information("two");
        }

        Assert.Equal(["one", "two"], _written);
    }

    [Fact]
    public void Nobody_waits_for_a_reader_who_stands_still_and_what_was_dropped_is_counted()
    {
        using (Logger log = Log(Limit))
        {
            log.Information("held");
            Assert.True(_waits.Wait(Limit));
            for (int line = 0; line < Capacity + 7; line++)
            {
                log.Information("line {Line}", line);
            }

            _reads.Set();
        }

        Assert.Equal(
            ["held", "7 log lines were dropped, because nobody read them in time", "line 0", "line 1", "line 2", "line 3"], _written);
    }

    [Fact]
    public void The_end_does_not_wait_for_ever_and_later_lines_do_no_harm()
    {
        Logger log = Log(TimeSpan.FromMilliseconds(1));
        log.Information("held");
        Assert.True(_waits.Wait(Limit));
        log.Dispose();
        log.Information("late");
        Assert.Empty(_written);

        // The thread that writes still uses what this test is about to dispose: it writes one more, that the late one was dropped.
        _reads.Set();
        Assert.True(SpinWait.SpinUntil(() => _written.Count == 2, Limit));
    }

    void ILogEventSink.Emit(LogEvent logEvent)
    {
        _waits.Release();
        Assert.True(_reads.Wait(Limit));
        _written.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    private Logger Log(TimeSpan endLimit) => new LoggerConfiguration()
        .WriteTo.Sink(new PatientSink(new LoggerConfiguration().WriteTo.Sink(this).CreateLogger(), Capacity, endLimit))
        .CreateLogger();
}
