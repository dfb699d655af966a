using System.Diagnostics;
using XenDmHost.IntegrationTests.Plugins;

namespace XenDmHost.IntegrationTests.RustVmm;

/// <summary>
/// The back-end on the rust-vmm crates (tests/RustVmm). It is built at most once per test run, which takes minutes where the
/// tree with the compiler is not there yet, and nothing where the binary belongs to the sources already.
/// </summary>
internal static class RustVmmBinary
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The binary's path. Fails the test that asks, with the reason, when there is none.</summary>
    internal static string Path => Built.Value;

    private static string Build()
    {
        string script = Checkout.PathOf("tests", "RustVmm", "build");
        using Process process = new() { StartInfo = new(script) { RedirectStandardError = true } };
        List<string> said = [];
        process.ErrorDataReceived += (_, line) => Say(said, line.Data);
        process.Start();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end within {Limit}; run it by hand to see why");
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? Checkout.PathOf(".cache", "rustvmm", "xendmhost-rustvmm")
            : throw new InvalidOperationException($"{script} failed ({process.ExitCode}): {said.LastOrDefault()}");
    }

    /// <summary>Shown as it comes: a build that takes minutes without a word looks like a test that hangs.</summary>
    private static void Say(List<string> said, string? line)
    {
        if (line is null) return;
        said.Add(line);
        Console.Error.WriteLine(line);
    }
}
