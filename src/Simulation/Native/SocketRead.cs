namespace XenDmHost.Simulation.Native;

/// <summary>What one recvmsg gave.</summary>
/// <param name="Bytes">Bytes received; 0 means that the peer is gone (end of stream or reset).</param>
/// <param name="Truncated">A packet was longer than the buffer; the rest of it is lost.</param>
/// <param name="ControlTruncated">Descriptors were sent that could not be received; those that came are in the list.</param>
internal readonly record struct SocketRead(int Bytes, bool Truncated = false, bool ControlTruncated = false)
{
    /// <summary>Nothing was there to read on a non-blocking socket.</summary>
    internal bool WouldBlock => Bytes < 0;
}
