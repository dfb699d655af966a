using System.Buffers.Binary;

namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>A gpu back-end, a guest with its two rings up, and the GPU socket.</summary>
internal sealed class GpuScene : IDisposable
{
    internal const uint OkNoData = 0x1100, OkDisplayInfo = 0x1101, OkEdid = 0x1104;
    private const int RequestAt = 0x10000, AnswerAt = 0x11000, CursorAt = 0x13000, AnswerSize = 0x1000;

    private readonly BackEndProcess _process;
    private readonly TestRing _control, _cursor;

    internal GpuScene(IGpuBackEnd backEnd, bool withSocket = true) : this(backEnd, backEnd.Start(), withSocket)
    {
    }

    internal GpuScene(IGpuBackEnd backEnd, BackEndProcess process, bool withSocket = true)
    {
        _process = process;
        Guest = new(backEnd.Xen);
        _control = new(Guest, 0, TestGuest.Base);
        _cursor = new(Guest, 1, TestGuest.Base + 0x2000);
        ulong edid = backEnd.Edid ? 2u : 0;
        Client = WireClient.WhenReady(_process.Socket);
        Client.AnswersRepeatNeedReply = backEnd.RepeatsNeedReply;
        Client.Negotiate(backEnd.Xen, Wire.Bit30 | Wire.Version1 | edid);
        Client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        if (withSocket) SendSocket();
        _control.BringUp(Client);
        _cursor.BringUp(Client);
    }

    internal BackEndProcess Process => _process;

    internal TestGuest Guest { get; }

    internal WireClient Client { get; }

    internal GpuPeer Peer { get; } = new();

    internal ushort ControlUsed => _control.UsedIndex;

    /// <summary>The usual beginning on the GPU socket.</summary>
    internal GpuScene Agreed(ulong features = 0)
    {
        Peer.Expect(GpuPeer.GetProtocolFeatures);
        Peer.Answer(GpuPeer.GetProtocolFeatures, Wire.U64(features));
        Peer.Expect(GpuPeer.SetProtocolFeatures);
        return this;
    }

    internal void SendSocket() => Client.Acknowledged(Wire.GpuSetSocket, [], Peer.Other.Fd);

    /// <summary>Makes a control command available, with fence 7 and whatever follows the header.</summary>
    internal void Submit(uint command, byte[] body, int room = AnswerSize)
    {
        byte[] request = [.. GpuPeer.Words(command, 1, 7, 0, 0, 0), .. body];
        request.CopyTo(Guest.Ram.Slice(RequestAt, request.Length));
        Guest.Ram.Slice(AnswerAt, AnswerSize).Clear();
        _control.Submit((TestGuest.Base + RequestAt, request.Length, false), (TestGuest.Base + AnswerAt, room, true));
    }

    /// <summary>Waits for the answer to the last command and checks its fence.</summary>
    internal byte[] Completed()
    {
        byte[] answer = Guest.Ram.Slice(AnswerAt, (int)_control.Completed().Written).ToArray();
        Assert.Equal(GpuPeer.Words(1, 7, 0), answer[4..16]);
        return answer;
    }

    internal uint Do(uint command, params uint[] body) => Do(command, GpuPeer.Words(body));

    /// <summary>A command that is answered with a status alone.</summary>
    internal uint Do(uint command, byte[] body)
    {
        Submit(command, body);
        byte[] answer = Completed();
        Assert.Equal(24, answer.Length);
        return BinaryPrimitives.ReadUInt32LittleEndian(answer);
    }

    /// <summary>struct virtio_gpu_update_cursor; given back without an answer.</summary>
    internal void Cursor(uint command, params uint[] body)
    {
        byte[] request = [.. GpuPeer.Words(command, 0, 0, 0, 0, 0), .. GpuPeer.Words(body)];
        request.CopyTo(Guest.Ram.Slice(CursorAt, request.Length));
        _cursor.Submit((TestGuest.Base + CursorAt, request.Length, false));
        Assert.Equal(0u, _cursor.Completed().Written);
    }

    /// <summary>A resource of 4 bytes a pixel whose backing is in two pieces, the later one first in memory.</summary>
    internal void CreateWithBacking(uint id, uint width, uint height, uint format = 2)
    {
        uint bytes = width * height * 4, first = bytes / 3 / 4096 * 4096;
        Assert.Equal(OkNoData, Do(0x101, id, format, width, height));
        uint at = (uint)TestGuest.Base;
        Assert.Equal(OkNoData, Do(0x106, id, 2, at + 0x10_0000, 0, first, 0, at + 0x8_0000, 0, bytes - first, 0));
    }

    /// <summary>Writes into the backing of CreateWithBacking.</summary>
    internal void WriteBacking(uint bytes, byte[] pixels)
    {
        int first = (int)(bytes / 3 / 4096 * 4096);
        pixels[..first].CopyTo(Guest.Ram.Slice(0x10_0000, first));
        pixels[first..].CopyTo(Guest.Ram.Slice(0x8_0000, pixels.Length - first));
    }

    public void Dispose()
    {
        Client.Dispose();
        Peer.Dispose();
        _process.Dispose();
        _control.Dispose();
        _cursor.Dispose();
        Guest.Dispose();
    }
}
