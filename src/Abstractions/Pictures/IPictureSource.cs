using System.Diagnostics.CodeAnalysis;

namespace XenDmHost.Abstractions;

/// <summary>
/// A device model that has pictures to show, such as what its guest's screens display. Implemented by the object that
/// <see cref="IDevicePlugin.Create"/> returns. Any thread may ask.
/// </summary>
public interface IPictureSource
{
    /// <summary>The number of screens; they are numbered from 0.</summary>
    int ScreenCount { get; }

    /// <summary>A copy of what a screen shows, or showed last before it was turned off.</summary>
    /// <param name="screen">The screen; a number without one is no error, there is no picture then.</param>
    /// <param name="withPointer">Whether the pointer is drawn into the picture where the guest shows it.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="why">Why there is none, in words for the operator; empty when there is one.</param>
    bool TryTakePicture(int screen, bool withPointer, [NotNullWhen(true)] out Picture? picture, out string why);
}
