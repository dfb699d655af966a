namespace XenDmHost.Host.Notify;

/// <summary>Who is told when a back-end signals a ring's eventfd; on the relay's thread, so it must not wait.</summary>
internal interface ICallTarget
{
    /// <summary>The back-end used buffers of the queue.</summary>
    void OnCall(int queue);

    /// <summary>The back-end reports an error on the queue (SET_VRING_ERR).</summary>
    void OnRingError(int queue);
}
