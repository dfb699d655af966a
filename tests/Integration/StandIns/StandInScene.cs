namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>A stand-in, a guest's memory, and some of the stand-in's queues brought up in it.</summary>
internal sealed class StandInScene : IDisposable
{
    private const int RequestAt = 0x40000, AnswerAt = 0x48000;

    private readonly TestRing[] _rings;

    /// <param name="xen">Whether the stand-in is to behave as built for Xen.</param>
    /// <param name="queues">How many queues are brought up, from 0 on.</param>
    /// <param name="arguments">The stand-in's kind and options.</param>
    internal StandInScene(bool xen, int queues, params string[] arguments)
    {
        Process = BackEndProcess.StartStandIn(xen ? [.. arguments, "--xen"] : arguments);
        Guest = new(xen);
        _rings = [.. Enumerable.Range(0, queues).Select(i => new TestRing(Guest, (uint)i, TestGuest.Base + ((ulong)i * 0x2000)))];
        Client = new WireClient(Process.Socket).Negotiate(xen);
        Client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        foreach (TestRing ring in _rings) ring.BringUp(Client);
    }

    internal BackEndProcess Process { get; }

    internal TestGuest Guest { get; }

    internal WireClient Client { get; }

    internal TestRing Ring(int queue) => _rings[queue];

    /// <summary>One readable and one writable buffer, as far as they are not empty; gives what was written.</summary>
    internal byte[] Ask(int queue, byte[] request, int room)
    {
        request.CopyTo(Guest.Ram.Slice(RequestAt, request.Length));
        Guest.Ram.Slice(AnswerAt, room).Clear();
        List<(ulong Address, int Length, bool Writable)> buffers = [];
        if (request.Length > 0) buffers.Add((TestGuest.Base + RequestAt, request.Length, false));
        if (room > 0) buffers.Add((TestGuest.Base + AnswerAt, room, true));
        Ring(queue).Submit([.. buffers]);
        return Guest.Ram.Slice(AnswerAt, (int)Ring(queue).Completed().Written).ToArray();
    }

    /// <summary>The chain is impossible: the error descriptor says so, and the ring gives nothing back.</summary>
    internal void BreaksItsRing(int queue, params (ulong Address, int Length, bool Writable)[] buffers)
    {
        Ring(queue).Submit(buffers);
        Assert.True(Ring(queue).Err.Wait(BackEndProcess.Limit), "the ring's error descriptor was not signalled");
        Assert.Equal(0, Ring(queue).UsedIndex);
    }

    public void Dispose()
    {
        Client.Dispose();
        Process.Dispose();
        foreach (TestRing ring in _rings) ring.Dispose();
        Guest.Dispose();
    }
}
