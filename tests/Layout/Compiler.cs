using System.ComponentModel;
using System.Diagnostics;

namespace XenDmHost.LayoutTests;

/// <summary>gcc, as far as it is needed to have assertions checked.</summary>
internal static class Compiler
{
    private const int LimitMs = 60_000;

    /// <summary>Compiles without output files, and gives the error lines; empty when every assertion holds.</summary>
    internal static string Errors(CProgram program)
    {
        using Process compiler = Start();
        Task<string> errors = compiler.StandardError.ReadToEndAsync();
        compiler.StandardInput.Write(program.Text);
        compiler.StandardInput.Close();
        Assert.True(compiler.WaitForExit(LimitMs), "gcc does not end");
        string[] lines = errors.GetAwaiter().GetResult().Split('\n');
        string found = string.Join('\n', lines.Where(line => line.Contains("error:", StringComparison.Ordinal)));
        Assert.Equal(compiler.ExitCode != 0, found.Length > 0);
        return found;
    }

    private static Process Start()
    {
        ProcessStartInfo start = new("gcc", ["-std=gnu11", "-fsyntax-only", "-x", "c", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new FileNotFoundException("gcc is not installed: apt-get install --no-install-recommends gcc libc6-dev linux-libc-dev libxen-dev");
        }
    }
}
