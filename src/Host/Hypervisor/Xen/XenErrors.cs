using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>What Xen's refusals mean, in words for the operator.</summary>
internal static class XenErrors
{
    internal static string Target(uint domid) => $"domain {domid}";

    /// <summary>The error of an operation on a domain.</summary>
    internal static OsException Of(string call, uint domid, int result) => new(call, Target(domid), -result, Advice(-result));

    /// <summary>
    /// A privcmd that cannot be bound to the guest. Outside of dom0 the kernel has bound it already, to the guest in the
    /// domain's own node "target" (XSA-482).
    /// </summary>
    internal static OsException OfRestriction(uint domid, int result) => new("IOCTL_PRIVCMD_RESTRICT", Target(domid), -result, -result switch
    {
        Errno.EINVAL => "this domain's kernel lets it act for its target alone (xenstore: /local/domain/<this domain>/target, read when the kernel "
            + "starts), and that is not this guest: make the guest its target before it starts, or start its kernel with xen_privcmd.unrestricted=1 and "
            + "allow it in a FLASK policy; or run the host in dom0",
        _ => Advice(-result),
    });

    /// <summary>
    /// A guest's ioreq server that Xen does not make. The first operation of all, for the number of vCPUs, was allowed, so EPERM is
    /// about the event channels between this domain and the guest's (silo_evtchn_unbound in xen/xsm/silo.c).
    /// </summary>
    internal static OsException OfServer(uint domid, int result) => new("XEN_DMOP_create_ioreq_server", Target(domid), -result, -result switch
    {
        Errno.EPERM => "Xen allows no event channels between this domain and that guest, as its security module SILO does, Arm's default: "
            + "boot Xen with xsm=dummy, or with xsm=flask and a policy; or run the host in dom0",
        _ => Advice(-result),
    });

    /// <summary>The likely reason of an errno and what to do, or null.</summary>
    internal static string? Advice(int errno) => errno switch
    {
        Errno.EPERM => "this domain may not act for that guest: run the host in dom0; in a driver domain it needs the guest as its target, "
            + "or a FLASK policy and the kernel parameter xen_privcmd.unrestricted=1",
        Errno.EACCES => "Xen's FLASK policy does not let this domain do that to that guest: xl dmesg in dom0 names what is missing (avc: denied); "
            + "label the guest as one that this domain may serve, or add that to the policy",
        Errno.ESRCH => "there is no such domain; it may just have ended",
        Errno.ENOSYS => "this Xen is built without ioreq servers (CONFIG_IOREQ_SERVER), as Debian's for arm64 is: build Xen with EXPERT and IOREQ_SERVER",
        Errno.EOPNOTSUPP => "this Xen does not know the operation: Xen 4.15 or later is needed",
        Errno.EINVAL => "Xen does not take it; a PV guest has no memory-mapped devices (use type = \"pvh\" or \"hvm\")",
        Errno.ENOTTY => "this kernel's privcmd does not know the request: Linux 4.18 or later is needed",
        Errno.ENOSPC => "the guest has no room for one more: Xen gives a guest 8 ioreq servers",
        Errno.ENOMEM => "dom0 or Xen has no memory left for it",
        _ => null,
    };
}
