using XenDmHost.IntegrationTests.RustVmm;

namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>
/// A vhost-user back-end daemon that the measured rules are tested against. All have queues of at most 64 descriptors and
/// offer the feature bits 30, 32 and 33, and the protocol features MQ, REPLY_ACK, RESET_DEVICE and CONFIGURE_MEM_SLOTS.
/// </summary>
/// <param name="Name">As it stands in the list of tests.</param>
/// <param name="Queues">How many queues the device has.</param>
internal sealed record BackEndUnderTest(string Name, int Queues)
{
    /// <summary>Whether memory regions have 40 bytes and XEN_MMAP must be acknowledged.</summary>
    internal bool Xen { get; init; }

    /// <summary>Whether it offers CONFIG.</summary>
    internal bool Config { get; init; } = true;

    /// <summary>Whether it compares a region's length with its file's. Those on vm-memory up to 0.16 do.</summary>
    internal bool NoticesLongRegions { get; init; }

    /// <summary>The queue on which <see cref="Request"/> is made.</summary>
    internal uint Queue { get; init; }

    /// <summary>Any request that is given back at once: the bytes that the device reads. Whether they mean anything does not matter.</summary>
    internal byte[] Request { get; init; } = [];

    /// <summary>Room for what the device writes, one buffer each.</summary>
    internal int[] Room { get; init; } = [];

    /// <summary>One process serves one client after the other, each as the first.</summary>
    internal bool ServesManyClients { get; init; } = true;

    /// <summary>Options of the stand-in, or of the real one.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Starts the daemon, with a disk in its folder, and returns when a client can connect.</summary>
    internal BackEndProcess Start() => Name.StartsWith("stand-in", StringComparison.Ordinal)
        ? BackEndProcess.StartStandIn([.. Arguments])
        : BackEndProcess.Start(RustVmmBinary.Path, ["--socket", "{socket}", .. Arguments]);
}
