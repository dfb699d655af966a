namespace XenDmHost.Host.Native.Xen;

/// <summary>Numbers of Xen's public headers.</summary>
internal static class XenConstants
{
    /// <summary>XENMEM_resource_ioreq_server (xen/memory.h).</summary>
    internal const uint IoreqServerResource = 0;

    /// <summary>XENMEM_resource_ioreq_server_frame_ioreq(0): the frame before it is the buffered one.</summary>
    internal const uint FirstIoreqFrame = 1;

    /// <summary>DOMID_SELF (xen/xen.h).</summary>
    internal const uint DomidSelf = 0x7FF0;

    /// <summary>__HYPERVISOR_memory_op (xen/xen.h).</summary>
    internal const uint MemoryOp = 12;

    /// <summary>XENMEM_maximum_gpfn (xen/memory.h).</summary>
    internal const uint MaximumGpfn = 14;

    /// <summary>A frame of a guest, whatever the page size of this machine.</summary>
    internal const int PageSize = 4096;
}
