using Microsoft.Extensions.Logging;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <content>From no back-end to a device that the guest can probe.</content>
internal sealed partial class DeviceController
{
    private void Connect()
    {
        UnixSocket? socket = _link.TryConnect();
        if (socket is null)
        {
            return;
        }

        VhostUserLimits limits = VhostUserLimits.Default with { AnswerMs = _limits.ReplyMs, MemTableMs = _limits.MemTableMs };
        if (_requireXenMmap)
        {
            limits = limits with { RegionsPerTable = BackEndSession.MaxXenRegions };
        }

        BackEndSession session = new(socket, _device, _relay, _resume, limits)
        {
            SideChannel = SideChannelPort.For(_plan, _device.WakeUp, _limits.ReplyMs, _log),
            UsesGrants = _plan.Grants == true,
            KernelInterrupts = _plan.KernelInterrupts,
            RouteKick = _plan.KernelKicks ? _routeKick : null,
            KickRefused = OnKickRefused,
            Mtu = _plan.Model.Needs.Mtu,
        };
        VhostUserResult result;
        try
        {
            result = Negotiate(session);
        }
        catch
        {
            // A daemon that takes one connection at a time would wait for this one's end.
            session.Dispose();
            throw;
        }

        if (!result.IsOk)
        {
            session.Dispose();
            if (session.GuestIsGone)
            {
                GuestIsGone();
            }
            else
            {
                _link.Refused(result.ToString());
            }

            return;
        }

        _session = session;
        _link.Succeeded();
        Publish(session.Offer);
        Resume();
    }

    private void OnKickRefused(string why)
    {
        if (!_saidKicks)
        {
            _saidKicks = true;
            _log.LogWarning("device {Id}: kicks go through this host, not through the kernel: {Why}", _plan.Id, why);
        }
    }

    private VhostUserResult Negotiate(BackEndSession session)
    {
        NegotiationRequest request = new()
        {
            OfferXenMmap = true,
            RequireXenMmap = _requireXenMmap,
            ConfigSize = _plan.Model.ConfigSpace.NeedsBackEnd ? _config.Size : 0,
            NeedsConfig = _plan.Model.ConfigSpace.NeedsBackEnd,
            QueueCount = _plan.QueueSizes.Count,
        };
        return session.Negotiate(request, _thread.Name!, refused => _log.LogWarning("device {Id}: the back-end: {Refused}", _plan.Id, refused))
            .Then(() => CheckFeatures(session.Offer.Features))
            .Then(() => RepeatConfigWrites(session))
            .Then(() => session.UsesGrants ? VhostUserResult.Ok : session.SendMemory(_domain));
    }

    /// <summary>Tells a new back-end what the guest had told the one before it, such as the mode of a disk's cache.</summary>
    private VhostUserResult RepeatConfigWrites(BackEndSession session)
    {
        VhostUserResult result = VhostUserResult.Ok;
        _config.Compare(session.Offer.Config);
        foreach ((int offset, byte[] bytes) in _config.Forwarded)
        {
            result = result.Then(() => session.WriteConfig(offset, bytes));
        }

        _configOfBackEnd = session.Offer.Config;
        if (_config.Forwarded.Count > 0 && _configOfBackEnd is not null)
        {
            byte[] fresh = new byte[_configOfBackEnd.Length];
            result = result.Then(() => session.ReadConfig(fresh));
            _configOfBackEnd = fresh;
        }

        return result;
    }

    /// <summary>
    /// The back-end says that its config space has changed (CONFIG_CHANGE_MSG): it is read again, once for however many
    /// such messages came, and the driver is told.
    /// </summary>
    private void RefreshConfig()
    {
        if (_session?.TakeConfigChange() != true || !_plan.Model.ConfigSpace.NeedsBackEnd)
        {
            return;
        }

        byte[] fresh = new byte[_config.Size];
        VhostUserResult result = _session.ReadConfig(fresh);
        if (!result.IsOk)
        {
            _log.LogWarning("device {Id}: its changed config space cannot be read: {Result}", _plan.Id, result);
            if (result.Failure != VhostUserFailure.Refused)
            {
                OnGone(result);
            }

            return;
        }

        _configOfBackEnd = fresh;
        _config.ApplyBackEnd(fresh);
        _device.Registers.PublishConfig(_config.ToArray());
        _log.LogInformation("device {Id}: the back-end changed the config space", _plan.Id);

        // A driver may have read it since FEATURES_OK, and must not miss the change until DRIVER_OK.
        if (_device.Registers.AreFeaturesSet)
        {
            _device.RaiseConfigChange();
        }
    }

    private VhostUserResult CheckFeatures(ulong offered)
    {
        string? refusal = _features.Refusal(offered);
        ulong lost = _device.Registers.AreFeaturesSet ? _device.Registers.DriverFeatures & ~_features.Offer(offered) : 0;
        if (refusal is null && lost != 0)
        {
            // The driver goes by features that this back-end does not have. Only a reset can settle that.
            _log.LogError("device {Id}: the back-end no longer offers features 0x{Lost:x} that the guest uses", _plan.Id, lost);
            if (_device.Registers.SetNeedsReset())
            {
                _device.RaiseConfigChange();
            }
        }

        return refusal is null ? VhostUserResult.Ok : VhostUserResult.Refused(MessageSubject.Idle, refusal);
    }

    private void Publish(BackEndOffer offer)
    {
        byte[] before = _device.Registers.Config.Bytes;
        _config.ApplyBackEnd(_configOfBackEnd);
        byte[] after = _config.ToArray();
        if (!after.AsSpan().SequenceEqual(before))
        {
            _device.Registers.PublishConfig(after);
            if (_device.Registers.IsDriverOk)
            {
                _device.RaiseConfigChange();
            }
        }

        Abstractions.DeviceIdentity identity = _plan.Model.Identity;
        uint vendor = identity.VendorId == 0 ? HostVendorId : identity.VendorId;
        _device.Registers.Publish(new DeviceOffer(identity.VirtioId, vendor, _features.Offer(offer.Features)));
        _device.Probes.Answer(identity.VirtioId);
        _log.LogInformation(
            "device {Id} ({Name}): connected to {Socket}; features 0x{Features:x}, protocol {Protocol}, {Layout} regions",
            _plan.Id, identity.Name, _plan.BackEnd.Socket, offer.Features, offer.ProtocolFeatures, offer.XenMmap ? "40-byte" : "32-byte");
        _events.Connected(_plan.Id);
        TellAdopted();
    }

    /// <summary>
    /// A driver that a former host served is told to begin anew, now that there is a device to begin with: before, it
    /// would have found none and given up.
    /// </summary>
    private void TellAdopted()
    {
        if (_tellAdopted && _device.Registers.NeedsReset)
        {
            _device.RaiseConfigChange();
        }

        _tellAdopted = false;
    }

    /// <summary>The driver was running before this back-end came: go on where the rings stand.</summary>
    private void Resume()
    {
        if (!_device.Registers.IsDriverOk || _device.Registers.NeedsReset)
        {
            return;
        }

        if (_started && _plan.Model.Needs.ResetAfterBackEndLoss)
        {
            _log.LogError("device {Id} needs a reset by its guest: what its driver had set up was lost with the back-end", _plan.Id);
            if (_device.Registers.SetNeedsReset())
            {
                _device.RaiseConfigChange();
            }

            return;
        }

        StartRings(resume: _ringsTold);
    }
}
