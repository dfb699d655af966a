using Microsoft.Extensions.Logging;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <content>The guest's memory comes and goes.</content>
internal sealed partial class DeviceController
{
    private int _renewMemory;
    private int _guestIsToBeWhole;
    private bool _saidKept;
    private bool _guestIsGone;

    /// <summary>Any thread: the back-end's memory table may not be right any more.</summary>
    internal void RenewMemory()
    {
        Volatile.Write(ref _renewMemory, 1);
        _device.WakeUp.TrySignal();
    }

    /// <summary>Any thread: the guest is to have all of its memory again. Once, for the next look.</summary>
    internal void GuestIsToBeWhole() => Volatile.Write(ref _guestIsToBeWhole, 1);

    private void LookAtMemory()
    {
        if (Interlocked.Exchange(ref _renewMemory, 0) == 0)
        {
            return;
        }

        bool toBeWhole = Interlocked.Exchange(ref _guestIsToBeWhole, 0) != 0;
        if (_session is null)
        {
            return;
        }

        VhostUserResult result = _session.RenewMemory(_domain, out string? kept);
        if (_session.MustRenewAgain)
        {
            // After the access that waits, which is the next thing that this thread does.
            if (toBeWhole)
            {
                GuestIsToBeWhole();
            }

            RenewMemory();
        }

        if (kept is not null && toBeWhole && !_plan.Model.Needs.ResetAfterBackEndLoss)
        {
            // The driver's requests wait until the guest has its pages: they are held back by nothing but this mapping.
            _log.LogWarning("device {Id}: the back-end lets go of the guest's memory, so that the guest gets its pages back; requests wait until it has them", _plan.Id);
            _session.LetGoOfMemory(_domain);
            _link.Left();
            Disconnect(kill: true);
            return;
        }

        if (kept is not null && !_saidKept)
        {
            _log.LogWarning("device {Id}: the back-end keeps what it has mapped: {Why}", _plan.Id, kept);
        }

        _saidKept = kept is not null;
        if (_session.GuestIsGone)
        {
            GuestIsGone();
        }
        else if (!result.IsOk)
        {
            _log.LogWarning("device {Id}: {Result}", _plan.Id, result);
            bool blameless = result == BackEndSession.LookEnded;
            if (blameless)
            {
                _link.Left();
            }

            Disconnect(kill: !blameless);
        }
    }

    /// <summary>
    /// There is nobody to serve any more. The host hears so from xenstore too, and then lets go of the rest; until it does
    /// no back-end is asked for a guest that is not there.
    /// </summary>
    private void GuestIsGone()
    {
        _guestIsGone = true;
        _log.LogInformation("device {Id}: the guest is gone; the back-end is let go of", _plan.Id);
        Disconnect(kill: false);
    }
}
