using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>A refusal names the permission that is missing, as each was seen in the lab's driver domains.</summary>
public sealed class XenErrorsTests
{
    [Fact]
    public void A_kernel_that_keeps_to_another_target_says_EINVAL() => Says(
        XenErrors.OfRestriction(8, -Errno.EINVAL), "domain 8: IOCTL_PRIVCMD_RESTRICT: EINVAL: ", "target", "xen_privcmd.unrestricted=1", "FLASK");

    [Fact]
    public void Xen_itself_says_EPERM_to_the_first_operation_on_a_guest_that_is_not_the_target() => Says(
        XenErrors.Of("XEN_DMOP_nr_vcpus", 8, -Errno.EPERM), "domain 8: XEN_DMOP_nr_vcpus: EPERM: ", "target", "FLASK");

    [Fact]
    public void FLASK_says_EACCES() => Says(
        XenErrors.Of("XEN_DMOP_nr_vcpus", 8, -Errno.EACCES), "domain 8: XEN_DMOP_nr_vcpus: EACCES: ", "FLASK", "xl dmesg", "avc: denied", "policy");

    [Fact]
    public void SILO_says_EPERM_to_the_event_channels_of_a_target() => Says(
        XenErrors.OfServer(7, -Errno.EPERM), "domain 7: XEN_DMOP_create_ioreq_server: EPERM: ", "SILO", "xsm=dummy", "xsm=flask");

    [Fact]
    public void Other_refusals_of_a_server_mean_what_they_mean_elsewhere() =>
        Says(XenErrors.OfServer(7, -Errno.ENOSPC), "domain 7: XEN_DMOP_create_ioreq_server: ENOSPC: ", "8 ioreq servers");

    private static void Says(OsException error, string start, params string[] parts)
    {
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }
}
