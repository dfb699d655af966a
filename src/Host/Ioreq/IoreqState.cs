namespace XenDmHost.Host.Ioreq;

/// <summary>STATE_IO* of xen/hvm/ioreq.h. Xen ends a guest whose state goes backwards here.</summary>
internal static class IoreqState
{
    internal const int None = 0;
    internal const int Ready = 1;
    internal const int InProcess = 2;
    internal const int ResponseReady = 3;
    internal const int Mask = 0xF;
}
