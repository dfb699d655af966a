namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>Ownership, features and the reset.</summary>
internal sealed partial class RequestHandler
{
    private ulong _toldFeatures, _toldProtocolFeatures, _ackedFeatures, _ackedProtocolFeatures;
    private bool _owned;

    /// <summary>
    /// Whether NEED_REPLY is honoured: only once both feature words were asked for and REPLY_ACK was acknowledged.
    /// </summary>
    internal bool AcknowledgesRequests => (_toldFeatures & VirtioFeature.ProtocolFeatures) != 0
        && (_toldProtocolFeatures & _ackedProtocolFeatures & ProtocolFeature.REPLY_ACK) != 0;

    private ulong OfferedFeatures => (device.Features | options.ExtraFeatures | VirtioFeature.IndirectDesc | VirtioFeature.EventIdx
        | VirtioFeature.ProtocolFeatures | VirtioFeature.Version1) & ~options.WithheldFeatures & ~options.Faults.MissingBits(connection);

    private ulong OfferedProtocolFeatures =>
        (options.ProtocolFeatures ?? ProtocolFeature.Default) | (options.Xen ? ProtocolFeature.XEN_MMAP : 0);

    private Outcome GetFeatures() => Outcome.Answer(_toldFeatures = OfferedFeatures);

    private Outcome SetFeatures(ulong features)
    {
        ulong unknown = features & ~OfferedFeatures;
        if (unknown != 0) return Outcome.Nack($"features 0x{unknown:x} were not offered");
        _ackedFeatures = features;
        foreach (var ring in Queues.Rings)
        {
            ring.EventIdx = (features & VirtioFeature.EventIdx) != 0;
            // Without bit 30 there is no SET_VRING_ENABLE, so that the rings are on from here.
            ring.Enabled |= (features & VirtioFeature.ProtocolFeatures) == 0;
        }
        return Outcome.Done;
    }

    private Outcome GetProtocolFeatures() => Outcome.Answer(_toldProtocolFeatures = OfferedProtocolFeatures);

    /// <summary>A Xen build tells the refusal only after its acknowledgement, so the next request finds the end.</summary>
    private Outcome SetProtocolFeatures(ulong features)
    {
        _ackedProtocolFeatures = features;
        return options.Xen && (features & ProtocolFeature.XEN_MMAP) == 0
            ? Outcome.DoneThenCut("XEN_MMAP was not acknowledged, and this build knows no other layout")
            : Outcome.Done;
    }

    private Outcome SetOwner()
    {
        if (_owned) return Outcome.Nack("the connection has its owner already");
        _owned = true;
        return Outcome.Done;
    }

    private Outcome ResetOwner()
    {
        (_owned, _ackedFeatures) = (false, 0);
        return Outcome.Done;
    }

    /// <summary>Disables the rings and forgets the features; the kick descriptors stay.</summary>
    private Outcome ResetDevice()
    {
        if (IfAcked(ProtocolFeature.RESET_DEVICE) is { } refusal) return refusal;
        (_ackedFeatures, _status) = (0, 0);
        foreach (var ring in Queues.Rings) ring.Enabled = false;
        return Outcome.Done;
    }
}
