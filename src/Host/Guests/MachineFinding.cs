namespace XenDmHost.Host.Guests;

/// <summary>One thing that this machine offers or lacks.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">What was found; where something is missing, what that costs and what to do.</param>
/// <param name="Prevents">Whether no Xen guest can be served because of it.</param>
internal readonly record struct MachineFinding(string Subject, string Text, bool Prevents = false);
