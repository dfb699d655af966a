using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>
/// Accesses of every kind from all vCPUs at once, with resets and valid bring-ups in between. What is demanded is that each
/// one is answered: a vCPU that waits in vain ends the simulation.
/// </summary>
internal sealed class RandomWorkload(Machine machine, IReadOnlyList<GuestDevice> devices, long accesses, int seed)
{
    /// <summary>So many unclaimed accesses in a row cannot be chance: nobody claims the windows.</summary>
    private const int MostUnclaimed = 100_000;

    private readonly Lock[] _bringUps = [.. devices.Select(_ => new Lock())];
    private readonly RandomStatistics[] _statistics = [.. machine.Vcpus.Select(_ => new RandomStatistics())];

    /// <summary>Runs until the host has answered as many accesses as were asked for; gives the counts of each kind.</summary>
    /// <exception cref="DriverFailure">No host claims the windows.</exception>
    internal JsonObject Run()
    {
        var share = (accesses + machine.Vcpus.Count - 1) / machine.Vcpus.Count;
        GuestThread.RunAll(machine, "random", machine.Vcpus.Count, i => Disturb(i, share));
        ResetAll();
        return RandomStatistics.Sum(_statistics);
    }

    private void Disturb(int vcpu, long share)
    {
        var requests = new RandomRequests(devices, unchecked((seed * 1_000_003) + vcpu));
        var cpu = machine.Vcpus[vcpu];
        var lastAnswered = cpu.Answered;
        var end = lastAnswered + share;
        for (var unclaimed = 0; cpu.Answered < end; unclaimed = cpu.Answered == lastAnswered ? unclaimed + 1 : 0)
        {
            if (unclaimed == MostUnclaimed)
            {
                throw new DriverFailure($"vCPU {vcpu}: {MostUnclaimed} accesses in a row went to nobody; is a host attached?");
            }

            lastAnswered = cpu.Answered;
            DoOne(cpu, requests, _statistics[vcpu]);
        }
    }

    private void DoOne(Vcpu cpu, RandomRequests requests, RandomStatistics statistics)
    {
        var kind = requests.NextKind();
        statistics.Count(kind);
        if (kind == RandomKind.BringUp)
        {
            BringUp(requests.NextDevice());
        }
        else
        {
            cpu.Execute(requests.Next(kind));
        }
    }

    /// <summary>The other vCPUs do what they can to make it fail, so only the answers count, not what they say.</summary>
    private void BringUp(GuestDevice place)
    {
        var gate = _bringUps[place.Id];
        if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            BringUpAndRemove(new VirtioMmioDevice(machine, place.Base, place.Irq));
        }
        finally
        {
            gate.Exit();
        }
    }

    private static void BringUpAndRemove(VirtioMmioDevice device)
    {
        try
        {
            device.Negotiate(0);
            device.SetUpQueues(1);
            device.SetDriverOk();
            device.Queues[0].Kick();
        }
        catch (DriverFailure)
        {
            // Expected: a random access came in between.
        }

        try
        {
            device.Remove();
        }
        catch (DriverFailure)
        {
            // As above.
        }
    }

    private void ResetAll()
    {
        foreach (var device in devices)
        {
            var window = new VirtioMmioWindow(machine, device.Base);
            window.Write(MmioRegister.Status, 0);
            var status = window.Read(MmioRegister.Status);
            if (status != 0)
            {
                throw new DriverFailure($"device {device.Id}: Status reads 0x{status:x} after the last reset");
            }
        }
    }
}
