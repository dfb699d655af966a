namespace XenDmHost.Abstractions;

/// <summary>
/// A device model that serves the side channel of its <see cref="DeviceNeeds.SideChannel"/>. Implemented by the object that
/// <see cref="IDevicePlugin.Create"/> returns.
/// </summary>
public interface ISideChannelDevice
{
    /// <summary>
    /// A back-end is about to get a new socket: whatever the one before had said counts no more. On the device's control
    /// thread, so it must not wait. May be called while the handler before is still being disposed.
    /// </summary>
    /// <returns>Who serves this one; the host disposes it when the socket is closed.</returns>
    ISideChannelHandler OpenSideChannel();
}
