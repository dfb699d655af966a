using System.Diagnostics;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest;

/// <summary>
/// One virtual CPU. The guest's threads run on it in turn: while one access is trapped, every other access of this vCPU
/// waits, as a real one that is blocked in the hypervisor would.
/// </summary>
internal sealed class Vcpu(GuestDomain domain, int index, TimeSpan accessLimit)
{
    private readonly Lock _running = new();
    private long _answered;
    private long _slowestTicks;

    internal int Index { get; } = index;

    /// <summary>Trapped accesses that were answered by a host; unclaimed ones are not among them.</summary>
    internal long Answered => Interlocked.Read(ref _answered);

    /// <summary>The longest that any of them took.</summary>
    internal TimeSpan Slowest => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _slowestTicks));

    /// <summary>Carries out one request. The result of a read that nobody claims is all ones.</summary>
    /// <exception cref="HostFault">The host broke the protocol or did not answer.</exception>
    internal ulong Execute(in IoreqRequest request)
    {
        lock (_running)
        {
            var server = domain.ServerFor(request);
            if (server is null)
            {
                return Masked(ulong.MaxValue, request.Size);
            }

            var start = Stopwatch.GetTimestamp();
            var data = server.Send(Index, request, accessLimit);
            Count(Stopwatch.GetTimestamp() - start);
            return Masked(data, request.Size);
        }
    }

    internal ulong Read(ulong address, uint size) => Execute(IoreqRequest.Read(address, size));

    internal void Write(ulong address, uint size, ulong value) => Execute(IoreqRequest.Write(address, size, value));

    private void Count(long ticks)
    {
        Interlocked.Increment(ref _answered);
        if (ticks > _slowestTicks)
        {
            Interlocked.Exchange(ref _slowestTicks, ticks);
        }
    }

    private static ulong Masked(ulong data, uint size) => size >= 8 ? data : data & ((1UL << (int)(8 * size)) - 1);
}
