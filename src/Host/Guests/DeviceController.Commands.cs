using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <content>What the guest's registers ask for.</content>
internal sealed partial class DeviceController
{
    /// <summary>The register VendorID where a plugin does not say: "XDMH" in ASCII, little-endian.</summary>
    private const uint HostVendorId = 0x484D4458;

    private void Handle(in DeviceCommand command)
    {
        RegisterFile registers = _device.Registers;
        switch (command.Kind)
        {
            case DeviceCommandKind.Start or DeviceCommandKind.StartQueue:
                if (registers.IsDriverOk && !registers.NeedsReset && _session is not null && !_stopping)
                {
                    StartRings(resume: false);
                }

                break;
            case DeviceCommandKind.Reset:
                StopAll(reset: true);
                registers.FinishReset();
                Answer(command.Vcpu);
                break;
            case DeviceCommandKind.StopQueue:
                StopOne(command.Queue);
                registers.FinishStopQueue(command.Queue);
                Answer(command.Vcpu);
                break;
            case DeviceCommandKind.ResetQueue:
                StopOne(command.Queue);
                registers.FinishResetQueue(command.Queue);
                break;
            case DeviceCommandKind.WriteConfig:
                WriteConfig(in command);
                Answer(command.Vcpu);
                break;
            case DeviceCommandKind.AwaitBackEnd:
                AwaitBackEnd(command.Vcpu);
                break;
            case DeviceCommandKind.Fail:
                StopAll(reset: false);
                TellFailure();
                break;
        }
    }

    private void Answer(int vcpu)
    {
        _answer.Complete(vcpu, null);
        _device.HoldEnded();
    }

    private void StartRings(bool resume)
    {
        VhostUserResult result = _session!.StartRings(_domain, resume);
        if (result.IsOk)
        {
            _started = true;
            _silentStarts = 0;
            _log.LogInformation("device {Id}: rings {How}", _plan.Id, resume ? "resumed" : "started");
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
        Settle(_session?.StopRings(reset));
        if (reset)
        {
            _started = false;
            _silentStarts = 0;
        }
    }

    private void StopOne(int queue) => Settle(_session?.StopRing(queue));

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
            Settle(_session.WriteConfig(write.Offset, write.Bytes).Then(() => _session.ReadConfig(fresh)));
            if (_session is not null)
            {
                _config.ApplyBackEnd(fresh);
            }
        }

        _device.Registers.PublishConfig(_config.ToArray());
    }

    private void AwaitBackEnd(int vcpu)
    {
        _probes.Add(vcpu);
        if (_device.Registers.Offer is { } offer)
        {
            _probes.Answer(offer.DeviceId);
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
