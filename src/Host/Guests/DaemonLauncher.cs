using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.Guests;

/// <summary>
/// Starts back-end daemons so that they end with the host, however it ends: through setpriv (util-linux), which has the
/// kernel signal them when the thread that started them is gone. That is why one thread starts them all and stays. A
/// daemon inherits the host's environment and folder; its standard input is /dev/null, which a shell opens before it becomes the daemon.
/// </summary>
internal sealed class DaemonLauncher : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";

    private const string Shell = "/bin/sh";

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private bool _warned;

    internal DaemonLauncher()
    {
        _thread = new Thread(Run) { Name = "launcher", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Starts a program; its output goes to the log, its end to <paramref name="ended"/>.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="ended">Signalled at its end; not owned.</param>
    /// <param name="log">The device's log.</param>
    /// <param name="limitMs">How long the start may take: a file system that hangs holds it.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    /// <exception cref="IOException">It is not there, or did not start in time; if it starts later it is ended.</exception>
    internal BackEndDaemon Start(IReadOnlyList<string> command, EventFd ended, ILogger log, int limitMs)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(StartHere(command, ended, log));
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        if (Task.WaitAny([started.Task], limitMs) < 0)
        {
            // Whoever it was that hung: a daemon that starts after all is not left alone with nobody to end it.
            _ = started.Task.ContinueWith(
                late => late.Result.Kill(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw new IOException($"it, or one started before it, did not start within {limitMs} ms: is its file system there?");
        }

        return new BackEndDaemon(started.Task.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    private Process StartHere(IReadOnlyList<string> command, EventFd ended, ILogger log)
    {
        string program = Resolve(command[0]);
        bool tied = HasSetPriv();
        if (!tied && !_warned)
        {
            _warned = true;
            log.LogWarning("{SetPriv} is missing, or busybox's: daemons outlive a host that is killed, and its successor must not start them a second time: install util-linux", SetPriv);
        }

        // Of a pipe a daemon would see the end when the host's end of it goes, and of a terminal whatever is typed.
        string[] tie = tied ? [SetPriv, "--pdeathsig", "KILL"] : [];
        ProcessStartInfo info = new(Shell, ["-c", "exec </dev/null; exec \"$@\"", Shell, .. tie, program, .. command.Skip(1)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        Process process = new() { StartInfo = info, EnableRaisingEvents = true };
        string name = Path.GetFileName(program);
        process.Exited += (_, _) => ended.TrySignal();
        process.Start();
        _ = DaemonOutput.Follow(process.StandardOutput, line => log.LogDebug("{Name}: {Line}", name, line));
        _ = DaemonOutput.Follow(process.StandardError, line => log.LogInformation("{Name}: {Line}", name, line));
        log.LogInformation("started {Program} (pid {Pid})", name, process.Id);
        return process;
    }

    /// <summary>Busybox's setpriv has no such option.</summary>
    private static bool HasSetPriv() => File.Exists(SetPriv) && File.ResolveLinkTarget(SetPriv, returnFinalTarget: true)?.Name != "busybox";

    /// <summary>Finds the program as a shell would, so that a missing one is an error here and not setpriv's.</summary>
    private static string Resolve(string program)
    {
        IEnumerable<string> candidates = program.Contains('/')
            ? [program]
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Select(folder => Path.Combine(folder, program));
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{program}: not found: install the daemon, or correct \"launch\" in the guest file");
    }
}
