using System.Numerics;
using XenDmHost.Host.Ioreq;

namespace XenDmHost.Host.Guests;

/// <summary>
/// Reads of DeviceID that wait for the back-end, for a bounded time from the guest's first one on. They are answered by
/// the control thread when the back-end is there, and by the guest's watch when the time is over, since the control
/// thread may be in the middle of a long negotiation. No lock: each waiting vCPU is a bit, taken by whoever answers.
/// </summary>
/// <param name="answer">How they are answered.</param>
/// <param name="limitMs">How long a guest's first probe may wait, in milliseconds; 0 for not at all.</param>
internal sealed class HeldProbes(IAnswer answer, int limitMs)
{
    private const int MaxVcpus = 128;

    private readonly ulong[] _waiting = new ulong[MaxVcpus / 64];
    private long _deadline;

    /// <summary>Holds a vCPU's probe, unless the time for that is over. On the thread that answers ioreqs.</summary>
    internal bool TryHold(int vcpu)
    {
        long now = Environment.TickCount64;
        Interlocked.CompareExchange(ref _deadline, now + limitMs, 0);
        if (limitMs == 0 || now >= Volatile.Read(ref _deadline))
        {
            return false;
        }

        Interlocked.Or(ref _waiting[vcpu / 64], 1UL << (vcpu % 64));
        return true;
    }

    /// <summary>Answers those whose time is over.</summary>
    internal void AnswerOverdue(uint deviceId)
    {
        if (Volatile.Read(ref _deadline) is var deadline and not 0 && Environment.TickCount64 >= deadline)
        {
            Answer(deviceId);
        }
    }

    /// <summary>Answers all of them; any thread.</summary>
    internal void Answer(uint deviceId)
    {
        for (int word = 0; word < _waiting.Length; word++)
        {
            for (ulong bits = Interlocked.Exchange(ref _waiting[word], 0); bits != 0; bits &= bits - 1)
            {
                answer.Complete((word * 64) + BitOperations.TrailingZeroCount(bits), deviceId);
            }
        }
    }
}
