namespace XenDmHost.Simulation.Hypervisor;

/// <summary>Where the number of a port goes that the host is to read.</summary>
internal interface IPortStream
{
    /// <summary>Never blocks; a stream that does not take the number is broken off, for the host has lost events.</summary>
    void Send(uint port);
}
