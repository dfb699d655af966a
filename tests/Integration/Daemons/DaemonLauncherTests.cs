using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Native;
using XenDmHost.IntegrationTests.EndToEnd;
using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Daemons;

/// <summary>How the host starts daemons.</summary>
public sealed class DaemonLauncherTests : IDisposable
{
    private const int Generous = 60_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(Generous);

    private readonly HostLog _log = new();
    private readonly EventFd _ended = EventFd.Create();
    private readonly DaemonLauncher _launcher = new();

    public void Dispose()
    {
        _launcher.Dispose();
        _ended.Dispose();
    }

    [Fact]
    public void A_daemon_inherits_an_empty_standard_input_and_no_descriptor_of_ours_but_its_output()
    {
        using FileDescriptor ours = Memfd.CreateSealed("ours", 4096);
        using BackEndDaemon daemon = _launcher.Start(
            ["find", "/proc/self/fd", "-printf", "%f=%l\\n"], _ended, Log, Generous);
        WaitForEnd();
        _log.WaitFor(0, "find: 0=/dev/null");
        _log.WaitFor(0, "find: 1=pipe:");
        Assert.DoesNotContain(_log.Entries.All, entry => Regex.IsMatch(entry.Message, "^find: .*(eventfd|memfd|socket)"));
    }

    [Fact]
    public void Its_arguments_arrive_as_they_are()
    {
        using BackEndDaemon daemon = _launcher.Start(["printf", "<%s>", "a b", "$HOME", "\"'", ""], _ended, Log, Generous);
        WaitForEnd();
        _log.WaitFor(0, "printf: <a b><$HOME><\"'><>");
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        FileNotFoundException missing = Assert.Throws<FileNotFoundException>(() => _launcher.Start(["/no/such"], _ended, Log, Generous));
        Assert.Contains("/no/such: not found", missing.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever hangs in a start, here the log: who waits for it does not hang, and a daemon that comes late is nobody's.</summary>
    [Fact]
    public void A_start_that_hangs_has_a_limit_and_a_daemon_that_starts_after_all_is_ended()
    {
        HangingLog hanging = new(Log);
        IOException first = Assert.Throws<IOException>(() => _launcher.Start(["sleep", "1000"], _ended, hanging, limitMs: 1));
        Assert.Contains("did not start within 1 ms", first.Message, StringComparison.Ordinal);
        IOException behind = Assert.Throws<IOException>(() => _launcher.Start(["sleep", "1000"], _ended, Log, limitMs: 1));
        Assert.Contains("or one started before it", behind.Message, StringComparison.Ordinal);

        hanging.GoOn();
        Assert.True(SpinWait.SpinUntil(() => Started().Count == 2, Limit));
        Assert.All(Started(), ProgramProcess.WaitForEndOf);
    }

    private ILogger Log => _log.CreateLogger("/0 test");

    /// <summary>The process ids of all that were started.</summary>
    private List<int> Started() => [.. _log.Entries.All
        .Select(entry => Regex.Match(entry.Message, @"^started .*\(pid (\d+)\)$"))
        .Where(match => match.Success)
        .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    private void WaitForEnd()
    {
        Span<int> ready = stackalloc int[1];
        Poller.Wait([_ended.Descriptor], [Libc.PollIn], Generous, ready);
        Assert.NotEqual(0, ready[0]);
    }

    private sealed class HangingLog(ILogger log) : ILogger
    {
        private readonly TaskCompletionSource _goOn = new();

        internal void GoOn() => _goOn.SetResult();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.True(_goOn.Task.Wait(Limit));
            log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
