using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>The other end of a device's own socket, which the front-end hands over with GPU_SET_SOCKET.</summary>
internal interface ISideChannel
{
    /// <summary>What to wait on for the front-end's answers; null while nothing is to be read.</summary>
    FileDescriptor? Socket { get; }

    /// <summary>True while requests of this queue must stay in the ring, because an answer is waited for.</summary>
    bool Holds(int queue);

    /// <summary>Takes the socket over. A second one is ignored.</summary>
    void Open(FileDescriptor socket);

    /// <summary>Something can be read, or the front-end has closed it.</summary>
    void Read(IQueues queues);
}
