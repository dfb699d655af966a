namespace XenDmHost.Host.Ioreq;

/// <summary>
/// A window of guest-physical addresses with a device behind it. Called on the thread that answers ioreqs: from memory,
/// without waiting, without allocating, without throwing, whatever the guest asks.
/// </summary>
internal interface IMmioDevice
{
    /// <summary>The first address of the window.</summary>
    ulong Base { get; }

    /// <summary>The size of the window in bytes.</summary>
    ulong Size { get; }

    /// <summary>Reads.</summary>
    /// <param name="vcpu">Who asks; kept by the device when the access is held.</param>
    /// <param name="offset">The distance from the window's base.</param>
    /// <param name="width">1, 2, 4 or 8 bytes; the access lies inside the window.</param>
    /// <param name="value">What was read.</param>
    /// <returns>False when the access is held: the device answers it later through <see cref="IAnswer"/>.</returns>
    bool TryRead(int vcpu, uint offset, int width, out ulong value);

    /// <summary>
    /// Whether the kernel answers this write (linux: drivers/xen/privcmd.c, ioeventfd): then nobody here may, unless the
    /// kernel never saw it.
    /// </summary>
    bool IsKernels(uint offset, int width, ulong value) => false;

    /// <summary>Writes; parameters and result as for <see cref="TryRead"/>.</summary>
    bool TryWrite(int vcpu, uint offset, int width, ulong value);
}
