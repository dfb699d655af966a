using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Drivers;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>One life of one device in the guest: from probing it to its removal.</summary>
internal sealed class DeviceSession : IDisposable
{
    private readonly GuestDevice _place;
    private readonly Machine _machine;
    private readonly DriverOptions _options;
    private readonly DeviceMemory _memory;
    private readonly VirtioMmioDevice _device;
    private bool _live;

    internal DeviceSession(GuestDevice place, Machine machine, DriverOptions options)
    {
        _place = place;
        _machine = machine;
        _options = options;
        _memory = new DeviceMemory(machine.Memory);
        _device = new VirtioMmioDevice(machine, place.Base, place.Irq);
    }

    /// <summary>Set once the device asks for a reset.</summary>
    internal WaitHandle NeedsReset => _device.NeedsReset;

    /// <summary>Probes the device and lets its driver work with it; the device stays up afterwards.</summary>
    internal DeviceOutcome Drive(int run)
    {
        var outcome = new DeviceOutcome(_place, run);
        var probe = _device.Probe();
        if (probe.Problem is not null)
        {
            return outcome with { Error = probe.Problem };
        }

        outcome = outcome with { DeviceId = probe.DeviceId };
        if (probe.IsAbsent)
        {
            return outcome with { Error = "DeviceID is 0: no device there" };
        }

        return GuestDrivers.Create(probe.DeviceId) is { } driver
            ? DriveWith(driver, outcome with { Driver = driver.Name }, run)
            : outcome with { Error = $"no driver for virtio device id {probe.DeviceId}" };
    }

    /// <summary>Resets and frees the device; what goes wrong then spoils an outcome that was good.</summary>
    internal DeviceOutcome Remove(DeviceOutcome outcome)
    {
        try
        {
            if (_live)
            {
                _live = false;
                _device.Remove();
            }

            return outcome;
        }
        catch (DriverFailure failure)
        {
            return outcome with { Error = outcome.Error ?? failure.Message };
        }
    }

    /// <summary>Without a word to the device: for a guest that is gone.</summary>
    public void Dispose()
    {
        _device.Abort();
        _memory.Dispose();
    }

    private DeviceOutcome DriveWith(IGuestDriver driver, DeviceOutcome outcome, int run)
    {
        _live = true;
        try
        {
            _device.Negotiate(driver.Features);
            var facts = driver.Drive(new DriverContext(_device, _machine, _memory, run, _options));
            AddTransportFacts(facts);
            return outcome with { Facts = facts, Summary = driver.Summarize(facts) };
        }
        catch (DriverFailure failure)
        {
            return outcome with { Error = failure.Message };
        }
    }

    private void AddTransportFacts(JsonObject facts)
    {
        var counters = _device.Queues.Select(queue => queue.Counters).ToList();
        facts["offeredFeatures"] = $"0x{_device.OfferedFeatures:x}";
        facts["features"] = $"0x{_device.Features:x}";
        facts["queueSizes"] = new JsonArray([.. _device.Queues.Select(queue => JsonValue.Create(queue.Size))]);
        facts["requests"] = counters.Sum(counter => counter.Requests);
        facts["indirectRequests"] = counters.Sum(counter => counter.IndirectRequests);
        facts["kicks"] = counters.Sum(counter => counter.Kicks);
        facts["kicksLeftOut"] = counters.Sum(counter => counter.KicksLeftOut);
        facts["interrupts"] = _device.Interrupts;
        facts["spuriousInterrupts"] = _device.SpuriousInterrupts;
        facts["configChanges"] = _device.ConfigChanges;
    }
}
