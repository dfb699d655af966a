namespace XenDmHost.Host.VhostUser;

/// <summary>What the host brings into the negotiation, and what a device needs of its back-end.</summary>
internal sealed record NegotiationRequest
{
    /// <summary>The platform can describe memory in the 40-byte layout. A back-end that offers XEN_MMAP insists on it.</summary>
    internal bool OfferXenMmap { get; init; }

    /// <summary>Guest memory can be mapped in no other way.</summary>
    internal bool RequireXenMmap { get; init; }

    /// <summary>The exact size of the device's config space in bytes, at most 256; 0 when it is not read.</summary>
    internal int ConfigSize { get; init; }

    /// <summary>Only the back-end knows the contents of the config space.</summary>
    internal bool NeedsConfig { get; init; }

    /// <summary>Serves the back-end's own requests; null when nobody would, and then BACKEND_REQ is not acknowledged.</summary>
    internal BackEndRequestChannel? BackEndRequests { get; init; }

    /// <summary>How many queues the device has.</summary>
    internal required int QueueCount { get; init; }
}
