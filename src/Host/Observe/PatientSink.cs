using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace XenDmHost.Host.Observe;

/// <summary>
/// Writes log events on a thread of its own, so that nobody who serves a guest waits for whoever reads the log. Where that
/// one does not read, events are dropped and counted; the number is written when there is room again.
/// </summary>
internal sealed class PatientSink : ILogEventSink, IDisposable
{
    private readonly Logger _inner;
    private readonly TimeSpan _endLimit;
    private readonly BlockingCollection<LogEvent> _events;
    private readonly Thread _thread;
    private long _dropped;

    /// <param name="inner">Writes, and may wait; owned.</param>
    /// <param name="capacity">How many events may wait.</param>
    /// <param name="endLimit">How long the last of them may take at the end.</param>
    internal PatientSink(Logger inner, int capacity, TimeSpan endLimit)
    {
        _inner = inner;
        _endLimit = endLimit;
        _events = new BlockingCollection<LogEvent>(capacity);
        _thread = new Thread(Write) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        try
        {
            if (_events.TryAdd(logEvent))
            {
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // After the end.
        }

        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Returns when everything is written, or the limit for that is over.</summary>
    public void Dispose()
    {
        _events.CompleteAdding();
        if (_thread.Join(_endLimit))
        {
            _inner.Dispose();
            _events.Dispose();
        }
    }

    private void Write()
    {
        foreach (LogEvent logEvent in _events.GetConsumingEnumerable())
        {
            _inner.Write(logEvent);
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and not 0)
            {
                _inner.Warning("{Count} log lines were dropped, because nobody read them in time", dropped);
            }
        }
    }
}
