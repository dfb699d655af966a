namespace XenDmHost.Host.Guests;

/// <summary>What a device tells its guest's session; on the device's control thread, so it must not wait.</summary>
internal interface IDeviceEvents
{
    /// <summary>A back-end is there and the guest can probe the device.</summary>
    void Connected(int deviceId);
}
