using XenDmHost.Host.Hypervisor.Xen;

namespace XenDmHost.Host.Guests;

/// <summary>Looks at what kernel and hypervisor of this machine offer to a host of Xen guests; changes nothing.</summary>
internal static class MachineCheck
{
    internal static IReadOnlyList<MachineFinding> Run()
    {
        List<MachineFinding> findings = [.. XenProbe.Run().Select(found => new MachineFinding(found.Subject, found.Text, found.Prevents))];
        string socket = XenPlatform.SocketPath();
        bool reachable = File.Exists(socket) || File.Exists("/dev/xen/xenbus");
        findings.Add(new MachineFinding(
            "xenstore",
            reachable ? "there" : $"neither {socket} nor /dev/xen/xenbus is there: no guest can be found; start xenstored",
            !reachable));
        return findings;
    }
}
