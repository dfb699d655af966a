namespace XenDmHost.Host.Hypervisor;

/// <summary>The event channels between this host and one guest. Wait is for one thread; Notify and Wake for any.</summary>
internal interface IEventChannels : IDisposable
{
    /// <summary>Binds a port of the guest. The new local port is pending at once, so nothing sent before is lost.</summary>
    /// <returns>The local port.</returns>
    uint BindInterdomain(uint remotePort);

    /// <summary>Binds a port to ourselves, for <see cref="Wake"/>.</summary>
    uint BindWakeUp();

    /// <summary>Waits until ports are pending and takes them; each is masked until it is given to <see cref="Unmask"/>.</summary>
    /// <returns>The number of ports, 0 when a signal came, or a negative errno.</returns>
    int Wait(Span<uint> ports);

    /// <summary>Lets the ports fire again.</summary>
    void Unmask(ReadOnlySpan<uint> ports);

    /// <summary>Tells the guest's end of a bound port.</summary>
    void Notify(uint localPort);

    /// <summary>Makes the port of <see cref="BindWakeUp"/> pending.</summary>
    void Wake();
}
