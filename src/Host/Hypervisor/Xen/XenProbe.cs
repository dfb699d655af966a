using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>Asks kernel and hypervisor what they offer. Nothing is changed, and no guest is needed.</summary>
internal static class XenProbe
{
    private const string Sysfs = "/sys/hypervisor";

    internal static IReadOnlyList<XenFinding> Run()
    {
        List<XenFinding> findings = [Hypervisor(), Role()];
        findings.Add(Device(Privcmd.Path, "guest memory and requests", prevents: true));
        findings.Add(Device(Evtchn.Path, "event channels", prevents: true));
        findings.Add(Device("/dev/xen/gntdev", "guests that grant their memory (grant_usage=1); others are served", prevents: false));
        findings.Add(Device("/dev/xen/hypercall", "the upper bound of a guest's memory; without it xenstore's word has to do", prevents: false));
        AddKernelRoutes(findings);
        return findings;
    }

    private static XenFinding Hypervisor()
    {
        if (Text("type") is not "xen")
        {
            return new XenFinding("hypervisor", "this system does not run under Xen: guests of \"platform\": \"simulated\" alone can be served", true);
        }

        return new XenFinding("hypervisor", $"Xen {Text("version/major")}.{Text("version/minor")}{Text("version/extra")}, this domain is {Kind()}");
    }

    /// <summary>control_d says that this is the initial domain; only where xenfs is mounted can that be read.</summary>
    private static XenFinding Role() => TextOf("/proc/xen/capabilities") switch
    {
        null => new XenFinding("domain", "/proc/xen/capabilities cannot be read (mount -t xenfs xenfs /proc/xen): whether this is dom0 is not known"),
        string words when words.Contains("control_d", StringComparison.Ordinal) => new XenFinding("domain", "dom0"),
        _ => new XenFinding("domain", "not dom0: only guests whose target this domain is, or with a FLASK policy and xen_privcmd.unrestricted=1"),
    };

    private static XenFinding Device(string path, string use, bool prevents)
    {
        int fd = XenDevice.TryOpen(path);
        if (fd < 0)
        {
            string advice = XenDevice.OpenAdvice(-fd) is { } text ? ": " + text : "";
            return new XenFinding(path, $"{Errno.NameOf(-fd)}, needed for {use}{advice}", prevents);
        }

        new FileDescriptor(fd).Dispose();
        return new XenFinding(path, "opens");
    }

    private static void AddKernelRoutes(List<XenFinding> findings)
    {
        if (XenDevice.TryOpen(Privcmd.Path) is var fd && fd < 0)
        {
            return;
        }

        new FileDescriptor(fd).Dispose();
        using Privcmd privcmd = Privcmd.Open();
        findings.Add(new XenFinding("irqfd", Route(privcmd.ProbeIrqFd(), "interrupts go through this host")));
        const string Kicks = "kicks go through this host";
        findings.Add(new XenFinding("ioeventfd", KickRefusal is { } refusal ? $"{refusal}: {Kicks}" : Route(privcmd.ProbeIoEventFd(), Kicks)));
    }

    /// <summary>
    /// Why the kernel must not be asked for ioeventfds; null when it may. In a PV domain kernels take a marker for a page
    /// and stop there with a lock held, and they do not say whether they are repaired.
    /// </summary>
    internal static string? KickRefusal => Kind() == "PV" ? "not used in a PV domain, where kernels crash in it" : null;

    /// <summary>The kernel was asked with flags that it must refuse: how it does so tells whether it knows the request.</summary>
    internal static string Route(int result, string otherwise) => -result switch
    {
        Errno.EINVAL => "the kernel offers it",
        Errno.EOPNOTSUPP => $"the kernel is built without CONFIG_XEN_PRIVCMD_EVENTFD (which needs XEN_VIRTIO): {otherwise}",
        Errno.ENOTTY => $"the kernel is older than 6.6 (irqfd) or 6.7 (ioeventfd): {otherwise}",
        Errno.EPERM => $"not allowed in this domain: {otherwise}",
        int errno => $"{Errno.NameOf(errno)}: {otherwise}",
    };

    /// <summary>PV, PVH or HVM; arm64 kernels do not say, and have one kind only.</summary>
    private static string Kind() =>
        Text("guest_type") ?? (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "of the only kind that Arm has" : "of an unknown kind");

    private static string? Text(string node) => TextOf($"{Sysfs}/{node}");

    private static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
