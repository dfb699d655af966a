using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <content>What the guest's registers ask for.</content>
internal sealed partial class DeviceController
{
    /// <summary>The register VendorID where a plugin does not say: "XDMH" in ASCII, little-endian.</summary>
    private const uint HostVendorId = 0x484D4458;

    /// <summary>
    /// Does what is asked, and ends it whatever happens: an access that is held for it is answered, the registers are
    /// the guest's again.
    /// </summary>
    private void Handle(in DeviceCommand command)
    {
        try
        {
            Act(in command);
        }
        finally
        {
            Finish(in command);
        }
    }

    private void Act(in DeviceCommand command)
    {
        switch (command.Kind)
        {
            case DeviceCommandKind.Start or DeviceCommandKind.StartQueue when CanStart:
                StartRings(resume: false);
                break;
            case DeviceCommandKind.Reset:
                StopAll(reset: true);
                break;
            case DeviceCommandKind.StopQueue or DeviceCommandKind.ResetQueue:
                _resume.Forget(command.Queue);
                Settle(_session?.StopRing(_domain, command.Queue));
                break;
            case DeviceCommandKind.WriteConfig:
                WriteConfig(in command);
                break;
            case DeviceCommandKind.Fail:
                TellUnwantedGrants();
                StopAll(reset: false);
                TellFailure();
                break;
        }
    }

    private bool CanStart => _device.Registers is { IsDriverOk: true, NeedsReset: false } && _session is not null && !_stopping;

    private void Finish(in DeviceCommand command)
    {
        RegisterFile registers = _device.Registers;
        switch (command.Kind)
        {
            case DeviceCommandKind.Reset:
                registers.FinishReset();
                break;
            case DeviceCommandKind.StopQueue:
                registers.FinishStopQueue(command.Queue);
                break;
            case DeviceCommandKind.ResetQueue:
                registers.FinishResetQueue(command.Queue);
                return;
            case DeviceCommandKind.WriteConfig:
                break;
            default:
                return;
        }

        _answer.Complete(command.Vcpu, null);
        _device.HoldEnded();
    }

    private void StartRings(bool resume)
    {
        _callsAtStart = _device.Calls;
        _startedAt = Environment.TickCount64;
        _ringsTold = true;
        VhostUserResult result = _session!.StartRings(_domain, resume);
        if (result.IsOk)
        {
            _started = true;
            _log.LogInformation(
                "device {Id}: rings {How}; kicks by {Kicks}, interrupts by {Interrupts}, memory by {Memory}",
                _plan.Id, resume ? "resumed" : "started", _session.HasKernelKicks ? "the kernel" : "this host",
                _session.HasUnseenCalls ? "the kernel" : "this host", _session.HasGrants ? "grants" : "address");
            return;
        }

        _session!.CheckGuest(_domain);
        if (_session.GuestIsGone)
        {
            GuestIsGone();
            return;
        }

        _log.LogError("device {Id}: {Result}", _plan.Id, result);

        // A back-end that just leaves may have crashed, and the next one may do better. One that says no will say it again.
        bool mayHaveCrashed = result.Failure == VhostUserFailure.Closed && ++_silentStarts < MaxSilentStarts;
        if (mayHaveCrashed)
        {
            Disconnect(kill: false);
        }
        else
        {
            FailDevice("its rings cannot be started");
        }
    }

    private void StopAll(bool reset)
    {
        bool ran = _session is { HasRings: true };
        Settle(_session?.StopRings(reset));
        if (reset)
        {
            if (ran && _plan.Model.Needs.FreshBackEndAfterReset && _session is not null)
            {
                _log.LogInformation("device {Id}: reset by its guest: the back-end is connected anew, so that it forgets what was", _plan.Id);
                Disconnect(kill: false);
                _link.Left();
            }

            _started = _ringsTold = false;
            _silentStarts = 0;
            _config.Reset();
            _resume.ForgetAll();
        }
    }

    /// <summary>
    /// After this the back-end does not write to the guest's memory any more: it said so, or the connection is closed
    /// and, if the host started it and it did not answer, the daemon is killed.
    /// </summary>
    private void Settle(VhostUserResult? result)
    {
        if (result is { IsOk: false } failed)
        {
            _log.LogWarning("device {Id}: {Result}", _plan.Id, failed);
            Disconnect(kill: true);
        }
    }

    private void WriteConfig(in DeviceCommand command)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, command.Value);
        (int Offset, byte[] Bytes)? forBackEnd = _config.ApplyGuest((int)command.Offset, bytes[..command.Width]);
        if (forBackEnd is { } write && _session is not null)
        {
            byte[] fresh = new byte[_config.Size];
            VhostUserResult result = _session.WriteConfig(write.Offset, write.Bytes).Then(() => _session.ReadConfig(fresh));
            if (result.IsOk)
            {
                _config.ApplyBackEnd(fresh);
            }
            else if (result.Failure == VhostUserFailure.Refused)
            {
                // Not sent, so nothing is wrong with the connection.
                _log.LogWarning("device {Id}: {Result}", _plan.Id, result);
            }
            else
            {
                Settle(result);
            }
        }

        _device.Registers.PublishConfig(_config.ToArray());
    }

    /// <summary>A guest whose kernel grants without having been asked to finds a device that fails, and no reason.</summary>
    private void TellUnwantedGrants()
    {
        RegisterFile registers = _device.Registers;
        if (_plan.Grants != true && Enumerable.Range(0, registers.QueueCount).Any(queue => GrantTable.IsGrant(registers.Queue(queue).Descriptors)))
        {
            _log.LogWarning(
                "device {Id}: the guest's driver gives its rings by grants, which are not asked for: "
                + "set \"transport\": {{ \"grants\": true }} in the guest file, or grant_usage=1 in xl's", _plan.Id);
        }
    }

    private void TellFailure()
    {
        if (_device.Registers is { NeedsReset: true, IsDriverOk: true })
        {
            _log.LogWarning("device {Id}: the guest's driver broke a rule of virtio-mmio; the device needs a reset", _plan.Id);
            _device.RaiseConfigChange();
        }
    }
}
