namespace XenDmHost.Host.Config.Json;

/// <summary>A key of an object and its value.</summary>
/// <param name="Name">The key with its escapes resolved.</param>
/// <param name="Line">The line of the key, counted from 1.</param>
/// <param name="Column">The byte of the line at which the key starts, counted from 1.</param>
/// <param name="Value">The value.</param>
internal sealed record JsonMember(string Name, int Line, int Column, JsonTreeNode Value);
