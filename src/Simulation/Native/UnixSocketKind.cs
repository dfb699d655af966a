namespace XenDmHost.Simulation.Native;

/// <summary>How a Unix socket keeps messages: a stream of bytes, or packets that stay whole and in order.</summary>
internal enum UnixSocketKind
{
    Stream,
    SeqPacket,
}
