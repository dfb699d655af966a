namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>An interrupt of a guest that is an event channel of its own, bound on our side.</summary>
internal sealed class EventChannelLine : IInterruptLine
{
    private readonly XenEventChannels _channels;
    private readonly uint _port;

    internal EventChannelLine(XenEventChannels channels, uint guestPort)
    {
        _channels = channels;
        _port = channels.BindInterdomain(guestPort);
    }

    public void Raise() => _channels.Notify(_port);

    public void Dispose() => _channels.Unbind(_port);
}
