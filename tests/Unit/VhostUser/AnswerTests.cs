using CsCheck;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>Whatever bytes come back, and however they come.</summary>
public sealed class AnswerTests
{
    private static readonly VhostUserLimits Short = new() { AnswerMs = 20, StopMs = 20 };

    public static TheoryData<string, string> BrokenAnswers => new()
    {
        { "01000000 01000000 08000000", "flags 0x1 instead of 0x5" },
        { "01000000 0d000000 08000000", "flags 0xd instead of 0x5" },
        { "01000000 06000000 08000000", "version 2 of the protocol" },
        { "02000000 05000000 08000000", "one to SET_FEATURES" },
        { "ffffffff 05000000 08000000", "one to request 4294967295" },
        { "01000000 05000000 00000000", "0 bytes of payload where 8 are defined" },
        { "01000000 05000000 09000000", "9 bytes of payload where 8 are defined" },
        { "01000000 05000000 01100000", "claims 4097 bytes" },
        { "01000000 05000000 ffffffff", "claims 4294967295 bytes" },
    };

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public void An_answer_that_breaks_the_protocol_is_malformed(string header, string expected)
    {
        using FakeBackEnd backEnd = new();
        backEnd.On[FrontEndRequest.GetFeatures] = _ => backEnd.Send(Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal)));
        VhostUserResult result = Negotiate(backEnd);
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.StartsWith("GET_FEATURES: the answer", result.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_with_more_bytes_than_it_claims_is_found_at_the_next_message()
    {
        using FakeBackEnd backEnd = new();
        backEnd.On[FrontEndRequest.GetFeatures] = message => backEnd.Send([.. FakeBackEnd.ReplyBytes(1, FakeBackEnd.U64(0)), 0]);
        VhostUserResult result = Negotiate(backEnd);
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.StartsWith("SET_OWNER: the back-end sent bytes that answer no request", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(19)]
    public void An_answer_that_stops_in_the_middle_is_waited_for_until_the_deadline_only(int bytes)
    {
        using FakeBackEnd backEnd = new(Short);
        backEnd.On[FrontEndRequest.GetFeatures] = _ => backEnd.Send(FakeBackEnd.ReplyBytes(1, new byte[8]).AsSpan(0, bytes));
        VhostUserResult result = Negotiate(backEnd);
        Assert.Equal(VhostUserFailure.TimedOut, result.Failure);
        Assert.Contains("no answer within", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(19)]
    public void An_answer_that_ends_in_the_middle_is_a_closed_connection(int bytes)
    {
        using FakeBackEnd backEnd = new();
        backEnd.On[FrontEndRequest.GetFeatures] = _ =>
        {
            backEnd.Send(FakeBackEnd.ReplyBytes(1, new byte[8]).AsSpan(0, bytes));
            backEnd.Close();
        };
        Assert.Equal(VhostUserFailure.Closed, Negotiate(backEnd).Failure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    public void An_answer_may_come_in_pieces(int pieceSize)
    {
        using FakeBackEnd backEnd = new();
        backEnd.On[FrontEndRequest.GetFeatures] = _ => backEnd.SendInPieces(FakeBackEnd.ReplyBytes(1, FakeBackEnd.U64(0x1_0000_0002)), pieceSize);
        VhostUserResult result = backEnd.FrontEnd.Negotiate(new() { QueueCount = 1 }, out BackEndOffer offer);
        Assert.True(result.IsOk, result.ToString());
        Assert.Equal(0x1_0000_0002UL, offer.Features);
    }

    [Fact]
    public void Get_vring_base_must_be_about_the_queue_that_was_asked_for()
    {
        using FakeBackEnd backEnd = new FakeBackEnd().Negotiated();
        backEnd.On[FrontEndRequest.GetVringBase] = message => backEnd.Reply(message, [4, 0, 0, 0, 9, 0, 0, 0]);
        VhostUserResult result = backEnd.FrontEnd.StopRing(3, out uint vringBase);
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.Contains("about queue 4", result.ToString(), StringComparison.Ordinal);
        Assert.Equal(0u, vringBase);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Descriptors_that_nobody_asked_for_are_closed_and_end_the_connection(int count)
    {
        using Witness witness = new();
        using FakeBackEnd backEnd = new();
        backEnd.On[FrontEndRequest.GetFeatures] = _ => backEnd.Send(FakeBackEnd.ReplyBytes(1, new byte[8]), witness.Times(count));
        VhostUserResult result = Negotiate(backEnd);
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.Contains("file descriptors that nobody asked for", result.ToString(), StringComparison.Ordinal);
        backEnd.Dispose();
        Assert.Equal(1, witness.OpenCount());
    }

    [Fact]
    public void Arbitrary_answers_never_throw_never_hang_and_never_leak()
    {
        using Witness witness = new();
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[1, 20], Gen.Bool, Gen.Bool, Gen.Int[0, 3]).Sample(
            (bytes, pieceSize, plausible, closes, descriptors) =>
            {
                using FakeBackEnd backEnd = new(Short);
                byte[] answer = plausible ? [1, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, .. bytes] : bytes;
                backEnd.On[FrontEndRequest.GetFeatures] = _ =>
                {
                    if (descriptors > 0 && answer.Length > 0)
                    {
                        backEnd.Send(answer.AsSpan(0, 1), witness.Times(descriptors));
                    }

                    backEnd.SendInPieces(answer, pieceSize);
                    if (closes)
                    {
                        backEnd.CloseAfterPieces = true;
                    }
                };
                VhostUserResult result = Negotiate(backEnd);
                Assert.NotEmpty(result.ToString());
            },
            iter: 300,
            threads: 1);
        Assert.Equal(1, witness.OpenCount());
    }

    [Fact]
    public void Arbitrary_words_from_the_back_end_never_throw()
    {
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Bool).Sample(
            (features, protocolFeatures, queues, xenMmap) =>
            {
                using FakeBackEnd backEnd = new() { Features = features, ProtocolFeatures = protocolFeatures, Queues = queues };
                VhostUserResult result = backEnd.FrontEnd.Negotiate(new() { QueueCount = 1, OfferXenMmap = xenMmap }, out BackEndOffer offer);
                Assert.True(result.Failure is VhostUserFailure.None or VhostUserFailure.Refused, result.ToString());
                Assert.Equal(0UL, offer.ProtocolFeatures.Bits & ~protocolFeatures);
            },
            iter: 300);
    }

    private static VhostUserResult Negotiate(FakeBackEnd backEnd) => backEnd.FrontEnd.Negotiate(new() { QueueCount = 1 }, out _);
}
