namespace XenDmHost.Host.Guests;

/// <summary>
/// What one session of a guest tells its runner. A word that was on its way when the session ended must not be taken for
/// the next session's.
/// </summary>
/// <param name="connected">Told the id of a device that is ready.</param>
/// <param name="gone">Told that the hypervisor has ended the event channels.</param>
internal sealed class SessionEvents(Action<SessionEvents, int> connected, Action<SessionEvents> gone) : IDeviceEvents
{
    public void Connected(int deviceId) => connected(this, deviceId);

    internal void Gone() => gone(this);
}
