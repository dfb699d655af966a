using System.Globalization;
using System.Text;

namespace XenDmHost.Simulation.Guest.Drivers.Console;

/// <summary>What the guest writes on its console: the same lines for the same seed, each with its number.</summary>
internal static class ConsoleText
{
    private const int Lines = 64;

    internal static IReadOnlyList<byte[]> Make(Random random, int run) =>
        [.. Enumerable.Range(0, Lines).Select(line => Encoding.UTF8.GetBytes(MakeLine(random, run, line)))];

    private static string MakeLine(Random random, int run, int line)
    {
        var letters = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next('!', '~')));
        return string.Create(CultureInfo.InvariantCulture, $"run {run} line {line}: {letters} äß\r\n");
    }
}
