using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>What stands in the slots of an ioreq page (xen/hvm/ioreq.h).</summary>
internal static class IoreqSlots
{
    private const int SlotSize = 32, FlagsOffset = 30;
    private const byte StateMask = 0xF, None = 0;

    /// <summary>
    /// Whether no vCPU has anything to do with the page. One with a request that is not served waits for ever when the
    /// server is destroyed; one whose answer stands (IORESP_READY) has not taken it yet, and would go on with any value.
    /// </summary>
    internal static bool AreFree(Mapping page, int vcpus)
    {
        for (int vcpu = 0; vcpu < vcpus; vcpu++)
        {
            if ((Volatile.Read(ref page.At<byte>((vcpu * SlotSize) + FlagsOffset)) & StateMask) != None)
            {
                return false;
            }
        }

        return true;
    }
}
