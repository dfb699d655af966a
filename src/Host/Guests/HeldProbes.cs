using XenDmHost.Host.Ioreq;

namespace XenDmHost.Host.Guests;

/// <summary>Reads of DeviceID that wait for the back-end, for a bounded time from the first one on.</summary>
/// <param name="answer">How they are answered.</param>
/// <param name="limitMs">How long a guest's first probe may wait, in milliseconds.</param>
internal sealed class HeldProbes(IAnswer answer, int limitMs)
{
    private readonly List<int> _vcpus = [];

    /// <summary>When, in Environment.TickCount64, the waiting ends; long.MaxValue while nobody waits.</summary>
    internal long Deadline { get; private set; } = long.MaxValue;

    internal void Add(int vcpu)
    {
        _vcpus.Add(vcpu);
        Deadline = Math.Min(Deadline, Environment.TickCount64 + limitMs);
    }

    /// <summary>Answers all of them.</summary>
    internal void Answer(uint deviceId)
    {
        _vcpus.ForEach(vcpu => answer.Complete(vcpu, deviceId));
        _vcpus.Clear();
        Deadline = long.MaxValue;
    }
}
