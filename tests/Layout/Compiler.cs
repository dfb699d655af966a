using System.ComponentModel;
using System.Diagnostics;

namespace XenDmHost.LayoutTests;

/// <summary>gcc, as far as it is needed to have assertions checked.</summary>
internal static class Compiler
{
    private const int LimitMs = 60_000;

    /// <summary>Fails with the first disagreements, by the names of the C# side.</summary>
    internal static void Check(CProgram program)
    {
        Assert.True(program.Assertions > 0);
        Assert.Equal("", Errors(program));
    }

    /// <summary>Compiles without output files, and gives the error lines; empty when every assertion holds.</summary>
    internal static string Errors(CProgram program)
    {
        (int exitCode, string errors) = Compile(program, "-fsyntax-only");
        string found = string.Join('\n', errors.Split('\n').Where(line => line.Contains("error:", StringComparison.Ordinal)));
        Assert.Equal(exitCode != 0, found.Length > 0);
        return found;
    }

    /// <summary>What the program prints, for facts that are no constants of C.</summary>
    internal static string Output(CProgram program)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("layout");
        try
        {
            string file = Path.Combine(folder.FullName, "program");
            Assert.Equal((0, ""), Compile(program, "-o", file));
            using Process run = Process.Start(new ProcessStartInfo(file) { RedirectStandardOutput = true })!;
            string output = run.StandardOutput.ReadToEnd();
            Assert.True(run.WaitForExit(LimitMs), "the program does not end");
            return output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Errors) Compile(CProgram program, params string[] arguments)
    {
        using Process compiler = Start(arguments);
        Task<string> errors = compiler.StandardError.ReadToEndAsync();
        compiler.StandardInput.Write(program.Text);
        compiler.StandardInput.Close();
        Assert.True(compiler.WaitForExit(LimitMs), "gcc does not end");
        return (compiler.ExitCode, errors.GetAwaiter().GetResult());
    }

    private static Process Start(string[] arguments)
    {
        ProcessStartInfo start = new("gcc", ["-std=gnu11", "-x", "c", "-", .. arguments])
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
