using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.Guests;

/// <content>What is looked at now and then, and kicks that the kernel carries.</content>
internal sealed partial class GuestSession
{
    private void LookAround()
    {
        AnswerOverdueProbes();
        if (_memory.IsDue(Volatile.Read(ref Counters.Invalidates)) && _domain.RamBanks.Any(bank => bank.Kind == RamKind.Foreign))
        {
            RenewMemory();
        }
    }

    private void AnswerOverdueProbes()
    {
        // While devices come and go somebody else answers, or the next look does.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            foreach ((GuestDevice device, _) in _devices.Values)
            {
                device.AnswerOverdueProbes();
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    private IDisposable? RouteKick(GuestDevice device, int queue, EventFd kick, out string refusal)
    {
        // Told first: from the moment that the kernel knows of the queue its kicks are the kernel's.
        _loop.ShareSlots();
        device.SetKernelKick(queue, true);
        IDisposable? route = _server.TryRouteKick(_loop.LocalPorts, device.Base, queue, kick, out refusal);
        KernelKick kernels = new(route, device, queue, _loop.LookAgain);
        if (route is null)
        {
            kernels.Dispose();
            return null;
        }

        return kernels;
    }
}
