namespace XenDmHost.Host.VirtioMmio;

/// <summary>The bits of the register InterruptStatus (virtio 1.3, 4.2.2).</summary>
internal static class InterruptBits
{
    internal const int UsedBuffer = 1;
    internal const int ConfigChange = 2;
}
