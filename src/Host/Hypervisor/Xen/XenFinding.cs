namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>One thing that kernel or hypervisor offer or lack.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">What was found, and what a lack costs.</param>
/// <param name="Prevents">Whether no guest can be served because of it.</param>
internal readonly record struct XenFinding(string Subject, string Text, bool Prevents = false);
