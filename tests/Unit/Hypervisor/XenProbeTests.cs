using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>What is said where Xen is not there, or not as it should be.</summary>
public sealed class XenProbeTests
{
    [Theory]
    [InlineData(Errno.EINVAL, "the kernel offers it")]
    [InlineData(Errno.EOPNOTSUPP, "the kernel is built without CONFIG_XEN_PRIVCMD_EVENTFD (which needs XEN_VIRTIO): relay")]
    [InlineData(Errno.ENOTTY, "the kernel is older than 6.6 (irqfd) or 6.7 (ioeventfd): relay")]
    [InlineData(Errno.EPERM, "not allowed in this domain: relay")]
    [InlineData(Errno.EIO, "EIO: relay")]
    public void How_the_kernel_refuses_tells_whether_it_knows(int errno, string expected) =>
        Assert.Equal(expected, XenProbe.Route(-errno, "relay"));

    [Fact]
    public void A_device_that_is_missing_is_an_error_that_says_what_to_do()
    {
        OsException error = Assert.Throws<OsException>(() => XenDevice.Open("/dev/xen/no-such-device"));
        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.Equal(
            "/dev/xen/no-such-device: open: ENOENT: this machine does not run under Xen, or its module is not loaded "
                + "(modprobe xen-privcmd xen-evtchn xen-gntdev)",
            error.Message);
    }

    [Fact]
    public void A_device_without_rights_says_so_too() =>
        Assert.Equal("run as root, or give this user access to the device", XenDevice.OpenAdvice(Errno.EACCES));

    [Fact]
    public void A_driver_domain_that_may_act_for_another_guest_alone_is_told_which_permission_is_missing()
    {
        string message = XenErrors.OfRestriction(7, -Errno.EINVAL).Message;
        Assert.StartsWith("domain 7: IOCTL_PRIVCMD_RESTRICT: EINVAL: ", message, StringComparison.Ordinal);
        Assert.Contains("/target", message, StringComparison.Ordinal);
        Assert.Contains("xen_privcmd.unrestricted=1", message, StringComparison.Ordinal);
        Assert.Contains("FLASK", message, StringComparison.Ordinal);
        Assert.Contains("Linux 4.18", XenErrors.OfRestriction(7, -Errno.ENOTTY).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EPERM, "run the host in dom0")]
    [InlineData(Errno.ENOSYS, "CONFIG_IOREQ_SERVER")]
    [InlineData(Errno.ESRCH, "there is no such domain")]
    public void What_Xen_refuses_names_the_reason(int errno, string part)
    {
        OsException error = XenErrors.Of("XEN_DMOP_nr_vcpus", 7, -errno);
        Assert.StartsWith($"domain 7: XEN_DMOP_nr_vcpus: {Errno.NameOf(errno)}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_on_a_descriptor_that_is_closed_is_a_value()
    {
        FileDescriptor descriptor = EventFd.Create().Descriptor;
        descriptor.Dispose();
        Assert.Equal(-Errno.EBADF, new Evtchn(descriptor).TryReset());
    }

    [Fact]
    public void A_request_on_another_kind_of_file_is_refused_by_the_kernel()
    {
        using Evtchn other = new(EventFd.Create().Descriptor);
        Assert.Equal(-Errno.ENOTTY, other.TryReset());
    }
}
