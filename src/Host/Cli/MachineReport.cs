using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary>What <c>check</c> says about the machine.</summary>
internal static class MachineReport
{
    /// <summary>Prints one line per thing that a Xen guest needs; says whether all is there that must be.</summary>
    internal static bool Print(TextWriter output)
    {
        IReadOnlyList<MachineFinding> findings = MachineCheck.Run();
        output.WriteLine("this machine:");
        foreach (MachineFinding finding in findings)
        {
            output.WriteLine($"  {finding.Subject}: {finding.Text}");
        }

        return findings.All(finding => !finding.Prevents);
    }
}
