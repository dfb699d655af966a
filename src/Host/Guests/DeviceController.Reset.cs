using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Guests;

/// <content>A reset in the place of a driver that has let go of the device without one.</content>
internal sealed partial class DeviceController
{
    private readonly ConcurrentQueue<Action> _resets = [];

    /// <summary>Any thread: stops the rings and clears the registers, as writing 0 to Status does.</summary>
    /// <param name="done">Called once, on the control thread.</param>
    internal void Reset(Action done)
    {
        _resets.Enqueue(done);
        _device.WakeUp.TrySignal();
    }

    private void LookAtResets()
    {
        while (_resets.TryDequeue(out Action? done))
        {
            try
            {
                ResetUnlessReset();
            }
            finally
            {
                done();
            }
        }
    }

    private void ResetUnlessReset()
    {
        if (_device.Registers.IsReset && _session is not { HasRings: true })
        {
            return;
        }

        _log.LogInformation("device {Id}: the guest's driver has gone without a reset of the device: it is reset for it", _plan.Id);
        _device.Registers.BeginReset();
        try
        {
            // The registers are this thread's from here on: whoever was in the middle of a write is through with it.
            _synchronize();
            StopAll(reset: true);
        }
        finally
        {
            _device.Registers.FinishReset();
        }
    }
}
