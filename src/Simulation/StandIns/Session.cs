using System.Diagnostics;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Faults;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns;

/// <summary>
/// One client, from its first request to its leaving. Requests and kicks are served by the same thread, one after the
/// other, so that a stopped ring is really still when GET_VRING_BASE is answered.
/// </summary>
internal sealed class Session(UnixSocket socket, RequestHandler handler, FaultPlan faults, RequestBudget budget, Action<string> log)
{
    private bool _ended;

    /// <summary>When the device is asked to look at what it serves again, and how.</summary>
    internal required ReloadRequest Reload { get; init; }

    /// <summary>Whether each request is said when it comes.</summary>
    internal bool LogRequests { get; init; }

    /// <summary>Serves until the client leaves (true) or was refused (false).</summary>
    internal bool Run()
    {
        bool refused = false;
        while (!_ended)
        {
            Vring[] rings = [.. handler.Queues.Rings.Where(ring => ring.TakesKicks)];
            ISideChannel? side = handler.SideChannel;
            PollEntry[] sideEntry = SideEntry(side);
            IReadOnlyList<PollEntry> sources = handler.Outside?.Sources ?? [];
            PollEntry[] entries = [new(socket.Fd), new(Reload.Asked.Fd), .. rings.Select(KickEntry), .. sources, .. sideEntry];
            Poller.Wait(entries, Timeout.InfiniteTimeSpan);
            for (int i = 0; i < rings.Length; i++) ServeKick(rings[i], entries[i + 2].Ready);
            foreach (PollEntry source in entries.AsSpan(rings.Length + 2, sources.Count))
            {
                if (source.Ready != PollEvents.None) handler.Outside!.Wake(source.Fd, handler.Queues);
            }
            if (sideEntry.Length > 0 && entries[^1].Ready != PollEvents.None) handler.ReadSideChannel(side!);
            if (entries[1].Ready != PollEvents.None && Reload.Asked.TryRead(out _) && Reload.Do()) handler.ToFrontEnd?.ConfigChanged();
            if (entries[0].Ready != PollEvents.None) refused = !ServeRequest();
        }
        return !refused;
    }

    private static PollEntry[] SideEntry(ISideChannel? side) => side?.Socket is { } fd ? [new(fd)] : [];

    /// <summary>A poisoned kick is never read; the variant that refills it waits for the host having made room.</summary>
    private PollEntry KickEntry(Vring ring)
    {
        if (faults.Has(FaultKind.PoisonKickBlocking)) return new(ring.Kick!.Fd, PollEvents.Writable);
        return new(ring.Kick!.Fd, faults.Has(FaultKind.PoisonKick) ? PollEvents.None : PollEvents.Readable);
    }

    private void ServeKick(Vring ring, PollEvents ready)
    {
        if (ready == PollEvents.None || !ring.TakesKicks) return;
        if (ready.HasFlag(PollEvents.Writable))
        {
            Poison.Fill(ring.Kick!, blockingAfterwards: true);
            return;
        }
        if (faults.Has(FaultKind.CrashOnKick)) Process.GetCurrentProcess().Kill();
        // A descriptor that is no eventfd would wake this loop for ever.
        if (!ring.Kick!.TryRead(out _)) ring.SetKick(null);
        else handler.Queues.Serve(ring.Index);
        if (ring.Call is { } call && faults.Has(FaultKind.PoisonCallDrain)) Poison.SignalAndDrain(call);
    }

    /// <summary>False when the request was refused.</summary>
    private bool ServeRequest()
    {
        using VhostUserMessage? message = MessageReader.Read(socket, out string? refusal);
        if (message is null)
        {
            if (refusal is not null) log($"refused: {refusal} (the connection ends)");
            _ended = true;
            return refusal is null;
        }
        if (LogRequests) log($"request {message.Name}");
        Outcome outcome = Execute(message);
        if (outcome.Reason.Length > 0) log($"{message.Name} refused: {outcome.Reason} ({Ending(outcome.Kind)})");
        Answer(message, outcome);
        _ended = outcome.EndsSession;
        budget.Spend();
        return !outcome.EndsSession;
    }

    private Outcome Execute(VhostUserMessage message)
    {
        if (faults.Has(FaultKind.RefuseNack, message.Request)) return Outcome.Nack("by --fault");
        if (faults.Has(FaultKind.RefuseEof, message.Request)) return Outcome.Cut("by --fault");
        if (faults.Has(FaultKind.Silent, message.Request)) return Outcome.Silence;
        if (faults.Has(FaultKind.ShrinkMemory)) ShrinkMemory(message);
        Outcome outcome = handler.Handle(message);
        if (outcome.Kind == OutcomeKind.Done) PoisonEventFds(message);
        if (outcome.Kind == OutcomeKind.Done && message.Request == Request.SET_VRING_ENABLE && faults.Has(FaultKind.CrashOnEnable))
        {
            ServeAndDie(handler.Queues.Rings[message.Payload[0]]);
        }
        return outcome;
    }

    /// <summary>Serves before any kick, and dies before the front-end knows that the ring runs.</summary>
    private void ServeAndDie(Vring ring)
    {
        if (!ring.Enabled) return;
        handler.Queues.Serve(ring.Index);
        Process.GetCurrentProcess().Kill();
    }

    private void ShrinkMemory(VhostUserMessage message)
    {
        if (message.Request is not (Request.SET_MEM_TABLE or Request.ADD_MEM_REG)) return;
        foreach (FileDescriptor fd in message.Descriptors)
        {
            int error = Memfd.TryResize(fd, 0);
            Console.Out.WriteLine($"shrink-memory: {(error == 0 ? "done" : Errno.Name(error))}");
        }
    }

    private void PoisonEventFds(VhostUserMessage message)
    {
        if (message.Request is not (Request.SET_VRING_KICK or Request.SET_VRING_CALL)) return;
        Vring ring = handler.Queues.Rings[message.Payload[0]];
        if (message.Request == Request.SET_VRING_KICK && ring.Kick is { } kick)
        {
            bool blocking = faults.Has(FaultKind.PoisonKickBlocking);
            if (blocking || faults.Has(FaultKind.PoisonKick)) Poison.Fill(kick, blocking);
        }
        if (message.Request == Request.SET_VRING_CALL && ring.Call is { } call)
        {
            if (faults.Has(FaultKind.PoisonCall)) Poison.Fill(call, blockingAfterwards: true);
            if (faults.Has(FaultKind.PoisonCallDrain)) Poison.SignalAndDrain(call);
        }
    }

    private void Answer(VhostUserMessage message, Outcome outcome)
    {
        bool acknowledge = message.NeedsReply && handler.AcknowledgesRequests;
        byte[]? payload = outcome.Kind switch
        {
            OutcomeKind.Answered => outcome.Reply,
            OutcomeKind.Done or OutcomeKind.DoneThenCut when acknowledge => BitConverter.GetBytes(0UL),
            OutcomeKind.Nack when acknowledge => BitConverter.GetBytes(1UL),
            _ => null,
        };
        if (payload is null) return;
        FileDescriptor[] own = outcome.Descriptor is { } descriptor ? [descriptor] : [];
        FileDescriptor[] fds = [.. own, .. ReplyFaults.Descriptors(faults, message.Request)];
        socket.Send(ReplyFaults.Frame(faults, message.Request, payload), fds);
        foreach (FileDescriptor fd in fds) fd.Dispose();
    }

    private static string Ending(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Nack => "NACK, then the connection ends",
        OutcomeKind.DoneThenCut => "acknowledged, then the connection ends",
        _ => "the connection ends",
    };
}
