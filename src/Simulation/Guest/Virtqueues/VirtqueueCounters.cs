namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>What a queue did, for the report. Changed under the queue's lock.</summary>
internal sealed class VirtqueueCounters
{
    /// <summary>Every fourth request goes as a plain chain although tables were negotiated, so that both stay in use.</summary>
    private const int PlainEvery = 4;

    internal int Requests { get; private set; }

    internal int IndirectRequests { get; private set; }

    internal int Kicks { get; private set; }

    internal int KicksLeftOut { get; private set; }

    internal bool PrefersTable => Requests % PlainEvery != PlainEvery - 1;

    internal void CountRequest(bool indirect)
    {
        Requests++;
        IndirectRequests += indirect ? 1 : 0;
    }

    internal void CountKick(bool sent)
    {
        Kicks += sent ? 1 : 0;
        KicksLeftOut += sent ? 0 : 1;
    }
}
