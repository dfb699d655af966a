namespace XenDmHost.ArchitectureTests;

/// <summary>The folders of src/Host as layers, and which of them each may use.</summary>
internal static class Layer
{
    private const string Host = "XenDmHost.Host";

    /// <summary>
    /// The arrows: Cli, Guests, the seven in the middle that do not know each other, Hypervisor, Native. Config and
    /// Observe are seen by all above Hypervisor. VirtioMmio is registers alone; XenStore brings its own socket.
    /// </summary>
    internal static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        [""] = ["Cli"],
        ["Cli"] = ["Guests", "Plugins", "Config", "Observe"],
        ["Guests"] = ["Plugins", "XenStore", "Ioreq", "VirtioMmio", "VhostUser", "GuestMemory", "Notify", "Hypervisor", "Native", "Config", "Observe"],
        ["Plugins"] = ["Config", "Observe"],
        ["XenStore"] = ["Native", "Config", "Observe"],
        ["Ioreq"] = ["Hypervisor", "Native", "Config", "Observe"],
        ["VirtioMmio"] = ["Config", "Observe"],
        ["VhostUser"] = ["Native", "Config", "Observe"],
        ["GuestMemory"] = ["Hypervisor", "Native", "Config", "Observe"],
        ["Notify"] = ["Hypervisor", "Native", "Config", "Observe"],
        ["Config"] = [],
        ["Observe"] = ["Config"],
        ["Hypervisor"] = ["Native"],
        ["Native"] = [],
    };

    /// <summary>The layer of a namespace: the part after XenDmHost.Host; null for namespaces of others.</summary>
    internal static string? Of(string ns) =>
        ns == Host ? "" : ns.StartsWith(Host + ".", StringComparison.Ordinal) ? ns[(Host.Length + 1)..].Split('.')[0] : null;
}
