using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class DeadlineTests : IDisposable
{
    private const int AnHour = 3_600_000;

    private readonly FakeBackEnd _backEnd = new(new VhostUserLimits { AnswerMs = AnHour, StopMs = AnHour, MemTableMs = AnHour, MappingMsPerGib = 0 });

    public void Dispose() => _backEnd.Dispose();

    [Fact]
    public void The_owner_can_bring_the_deadline_forward_in_the_middle_of_a_wait()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.GetVringBase] = _ => { };
        long deadline = long.MaxValue;
        bool signalled = false;
        _backEnd.Deadline = () =>
        {
            long current = deadline;
            if (!signalled && _backEnd.Messages.Any(message => message.Request == (uint)FrontEndRequest.GetVringBase))
            {
                // What the owner's other thread does: first the new deadline, then the wake-up.
                signalled = true;
                deadline = Environment.TickCount64;
                Assert.Equal(0, _backEnd.WakeUp.TrySignal());
            }

            return current;
        };
        VhostUserResult result = _backEnd.FrontEnd.StopRing(0, out _);
        Assert.Equal(VhostUserFailure.TimedOut, result.Failure);
        Assert.StartsWith("GET_VRING_BASE queue 0: no answer within ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("requests in flight are not completed", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wake_up_without_a_new_deadline_does_not_disturb_and_is_left_for_the_owner()
    {
        _backEnd.Negotiated();
        _backEnd.On[FrontEndRequest.SetVringEnable] = message =>
        {
            _backEnd.WakeUp.TrySignal();
            _backEnd.SendInPieces(FakeBackEnd.ReplyBytes(message.Request, FakeBackEnd.U64(0)), 1);
        };
        Assert.True(_backEnd.FrontEnd.EnableRing(0, true).IsOk);
        Assert.True(_backEnd.WakeUp.TryDrain());
    }

    [Fact]
    public void A_deadline_that_has_passed_still_takes_an_answer_that_is_there()
    {
        _backEnd.Negotiated();
        _backEnd.Deadline = () => 0;
        Assert.True(_backEnd.FrontEnd.EnableRing(0, true).IsOk);
    }

    [Fact]
    public void A_back_end_that_does_not_read_cannot_hold_a_sender()
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.Pair();
        using (theirs)
        {
            while (ours.TrySend(new byte[4096], []) > 0)
            {
            }

            using VhostUserFrontEnd frontEnd = new(ours, limits: new VhostUserLimits { AnswerMs = 20 });
            VhostUserResult result = frontEnd.Negotiate(new() { QueueCount = 1 }, out _);
            Assert.Equal(VhostUserFailure.TimedOut, result.Failure);
        }
    }

    [Fact]
    public void A_full_socket_is_waited_for_and_the_message_arrives_whole()
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.Pair();
        using (theirs)
        {
            long filled = 0;
            for (int count; (count = ours.TrySend(new byte[4096], [])) > 0; filled += count)
            {
            }

            List<byte> read = [];
            using VhostUserFrontEnd frontEnd = new(ours, null, () => ReadAll(theirs, read), new VhostUserLimits { AnswerMs = AnHour });
            VhostUserResult result = frontEnd.Negotiate(new() { QueueCount = 1 }, out _);
            Assert.Equal(VhostUserFailure.TimedOut, result.Failure);
            Assert.Equal("010000000100000000000000", Convert.ToHexStringLower([.. read.Skip((int)filled)]));
        }
    }

    [Fact]
    public void A_message_that_is_taken_in_parts_carries_its_descriptors_once()
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.Pair();
        using Witness witness = new();
        List<FileDescriptor> descriptors = [];
        byte[] buffer = new byte[65536];
        int read = 0;
        using DeadlineSocket socket = new(ours, null, () =>
        {
            for (int count; (count = theirs.TryReceive(buffer, descriptors)) > 0; read += count)
            {
            }

            return long.MaxValue;
        });
        TransferOutcome outcome = socket.Send(new byte[1 << 20], witness.Times(1), Environment.TickCount64 + AnHour);
        theirs.Dispose();
        descriptors.ForEach(descriptor => descriptor.Dispose());
        Assert.Equal(TransferOutcome.Done, outcome);
        Assert.True(read > 0);
        Assert.Single(descriptors);
    }

    [Fact]
    public void A_large_memory_gets_more_time_than_a_small_one()
    {
        using FileDescriptor memory = Memfd.CreateSealed("deadlines", 4096);
        using FakeBackEnd backEnd = new(new VhostUserLimits { AnswerMs = 0, MemTableMs = 0, MappingMsPerGib = AnHour });
        backEnd.Deadline = () => long.MaxValue;
        MemoryRegion region = new() { GuestAddress = 0, UserAddress = 0, Size = 2UL << 30, Descriptor = memory };
        Assert.True(backEnd.FrontEnd.SetMemTable([region]).IsOk);
    }

    /// <summary>Reads what is there; once the message itself was read, the owner's patience ends.</summary>
    private static long ReadAll(UnixSocket socket, List<byte> into)
    {
        byte[] buffer = new byte[65536];
        int before = into.Count;
        for (int count; (count = socket.TryReceive(buffer, [])) > 0;)
        {
            into.AddRange(buffer.AsSpan(0, count));
        }

        return into.Count == before ? long.MaxValue : into.TakeLast(12).Any(value => value != 0) ? 0 : long.MaxValue;
    }
}
