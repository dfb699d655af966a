namespace XenDmHost.Simulation.Hypervisor;

/// <summary>The errors that hypercalls answer with (Xen's numbers equal Linux' here); an answer carries them negated.</summary>
internal static class HypercallError
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int NoSuchDomain = 3;
    internal const int BadDescriptor = 9;
    internal const int Busy = 16;
    internal const int Exists = 17;
    internal const int Invalid = 22;
    internal const int NoSpace = 28;
    internal const int NotImplemented = 38;
    internal const int NotConnected = 107;
}
