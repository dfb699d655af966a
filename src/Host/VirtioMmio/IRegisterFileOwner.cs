namespace XenDmHost.Host.VirtioMmio;

/// <summary>What a register file needs done; called on the thread that answers ioreqs, so it must not wait.</summary>
internal interface IRegisterFileOwner
{
    /// <summary>The guest made buffers available: QueueNotify of an existing queue while DRIVER_OK stands.</summary>
    void Kick(int queue);

    /// <summary>A command lies in <see cref="RegisterFile.Commands"/>.</summary>
    /// <param name="held">Whether a vCPU waits for it.</param>
    void CommandPosted(bool held);

    /// <summary>The guest reads DeviceID while no back-end is there.</summary>
    /// <returns>True when the owner answers the read later, in bounded time; false to answer 0 now.</returns>
    bool TryHoldProbe(int vcpu);
}
