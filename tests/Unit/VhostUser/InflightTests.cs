using System.Buffers.Binary;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;
using XenDmHost.UnitTests.VirtioMmio;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class InflightTests : IDisposable
{
    private readonly FakeBackEnd _backEnd = new FakeBackEnd { ProtocolFeatures = 0x1209 }.Negotiated();
    private readonly Witness _file = new();

    public void Dispose()
    {
        _backEnd.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void The_buffer_that_a_back_end_makes_is_handed_back_as_it_came()
    {
        using FileDescriptor file = Memfd.CreateSealed("inflight", 8192);
        Give(size: 4096, offset: 4096, file);
        Ok(_backEnd.FrontEnd.GetInflight(3, 128, out InflightBuffer? buffer));
        Assert.Equal("000000000000000000000000000000000300800000000000", Convert.ToHexStringLower(_backEnd.Last(FrontEndRequest.GetInflightFd).Payload));
        Ok(_backEnd.FrontEnd.SetInflight(buffer!));
        Assert.Equal("001000000000000000100000000000000300800000000000", Convert.ToHexStringLower(_backEnd.Last(FrontEndRequest.SetInflightFd).Payload));
        Assert.Single(_backEnd.Last(FrontEndRequest.SetInflightFd).Descriptors);
        buffer!.Dispose();
    }

    [Theory]
    [InlineData(0UL, 0UL, "0 bytes")]
    [InlineData(2UL, 0UL, "2 bytes at 0, in a file of 1 bytes")]
    [InlineData(1UL, 1UL, "1 bytes at 1, in a file of 1 bytes")]
    [InlineData(1UL, ulong.MaxValue, "in a file of 1 bytes")]
    [InlineData(0x400_0001UL, 0UL, "67108865 bytes")]
    [InlineData(ulong.MaxValue, ulong.MaxValue, "18446744073709551615 bytes")]
    public void A_buffer_that_does_not_lie_in_its_file_is_refused_and_closed(ulong size, ulong offset, string why)
    {
        Give(size, offset, _file.Times(1));
        VhostUserResult result = _backEnd.FrontEnd.GetInflight(1, 64, out InflightBuffer? buffer);
        Assert.Equal(VhostUserFailure.Malformed, result.Failure);
        Assert.Contains(why, result.Event, StringComparison.Ordinal);
        Assert.Null(buffer);
        Assert.Equal(1, _file.OpenCount());
    }

    [Fact]
    public void An_answer_without_a_descriptor_is_refused()
    {
        Give(size: 1, offset: 0);
        VhostUserResult result = _backEnd.FrontEnd.GetInflight(1, 64, out InflightBuffer? buffer);
        Assert.Contains("no descriptor", result.ToString(), StringComparison.Ordinal);
        Assert.Null(buffer);
    }

    [Fact]
    public void Two_descriptors_are_one_too_many_and_both_are_closed()
    {
        Give(size: 1, offset: 0, _file.Times(2));
        VhostUserResult result = _backEnd.FrontEnd.GetInflight(1, 64, out InflightBuffer? buffer);
        Assert.Contains("descriptors that nobody asked for", result.ToString(), StringComparison.Ordinal);
        Assert.Null(buffer);
        Assert.Equal(1, _file.OpenCount());
    }

    [Fact]
    public void A_descriptor_with_the_answer_to_another_request_is_one_too_many()
    {
        using FileDescriptor file = Memfd.CreateSealed("inflight", 64);
        Give(size: 64, offset: 0, file);
        Ok(_backEnd.FrontEnd.GetInflight(1, 64, out InflightBuffer? buffer));
        _backEnd.On[FrontEndRequest.SetInflightFd] = message => _backEnd.Send(FakeBackEnd.ReplyBytes(message.Request, FakeBackEnd.U64(0)), _file.Times(1));
        Assert.Contains("descriptors that nobody asked for", _backEnd.FrontEnd.SetInflight(buffer!).ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _file.OpenCount());
        buffer!.Dispose();
    }

    [Fact]
    public void A_buffer_is_closed_with_its_owner_and_gone_at_the_guests_reset()
    {
        Give(size: 1, offset: 0, _file.Times(1));
        ResumeState state = new(new TestDevice().Registers, largestQueue: 64);
        Ok(_backEnd.FrontEnd.GetInflight(state.QueueCount, state.LargestQueue, out InflightBuffer? buffer));
        state.Inflight = buffer;
        Assert.Equal(2, _file.OpenCount());
        state.ForgetAll();
        Assert.Null(state.Inflight);
        Assert.Equal(1, _file.OpenCount());
    }

    private void Give(ulong size, ulong offset, params FileDescriptor[] descriptors) =>
        _backEnd.On[FrontEndRequest.GetInflightFd] = message =>
        {
            byte[] payload = message.Payload.ToArray();
            BinaryPrimitives.WriteUInt64LittleEndian(payload, size);
            BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), offset);
            _backEnd.Send(FakeBackEnd.ReplyBytes(message.Request, payload), descriptors);
        };

    private static void Ok(VhostUserResult result) => Assert.Equal("ok", result.ToString());
}
