namespace XenDmHost.Abstractions;

/// <summary>A deviation that some back-end or guest needs.</summary>
/// <param name="Id">A short id for guest files and logs: lower-case letters, digits and '-'.</param>
/// <param name="Reason">Why it is needed, in one line.</param>
/// <param name="Enabled">Whether it is on; a guest file's <c>"quirks"</c> decides against the plugin's default.</param>
public sealed record Quirk(string Id, string Reason, bool Enabled);
