using System.Buffers.Binary;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>
/// virtio-gpu without 3D (virtio 1.3, 5.7), as QEMU's vhost-user-gpu does it: what is shown goes to the front-end over the
/// socket of GPU_SET_SOCKET, and questions about displays are passed on to it. While an answer is waited for, the control
/// queue stands still.
/// </summary>
internal sealed class GpuDevice : IStandInDevice, ISideChannel, IDisposable
{
    internal const int ControlQueue = 0, CursorQueue = 1, ConfigSize = 16;
    private const int HeaderSize = 24, MostScanouts = 16;
    private const uint FenceFlag = 1;
    private const ulong EdidFeature = 1UL << 1;

    private readonly byte[] _config = new byte[ConfigSize];
    private readonly GpuShape _shape;
    private readonly GpuChannel _channel;
    private readonly GpuResources _resources = new();
    private readonly GpuScreens _screens;
    private readonly GpuPointer _pointer;
    private Chain? _pending;

    internal GpuDevice(GpuShape shape, Action<string> log)
    {
        _shape = shape;
        _channel = new(log);
        _screens = new(_channel, _resources, shape.Dmabuf);
        _pointer = new(_channel, _resources);
    }

    public ulong Features => _shape.Edid ? EdidFeature : 0;

    public int QueueCount => 2;

    /// <summary>Zeros: the number of scanouts and the events are the front-end's to know.</summary>
    public ReadOnlySpan<byte> Config => _config;

    public ISideChannel SideChannel => this;

    public FileDescriptor? Socket => _channel.Fd;

    /// <summary>The events that are cleared were never set.</summary>
    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => null;

    public bool Holds(int queue) => queue == ControlQueue && _channel.Waiting != SideRequest.None;

    public void Open(FileDescriptor socket)
    {
        if (_channel.IsOpen)
        {
            socket.Dispose();
            return;
        }
        _channel.Open(socket);
        _channel.Ask(SideRequest.GET_PROTOCOL_FEATURES, []);
    }

    public void Read(IQueues queues)
    {
        SideRequest waiting = _channel.Waiting;
        byte[]? answer = _channel.ReadAnswer(AnswerSize(waiting));
        if (answer is null) return;
        if (waiting == SideRequest.GET_PROTOCOL_FEATURES) Agree(answer);
        else Complete(answer, queues);
    }

    public Served Serve(int queue, Chain chain, IQueues queues) => queue == CursorQueue ? Point(chain) : Control(chain);

    /// <summary>A question that the front-end has not answered yet is forgotten with its request.</summary>
    public void Stop(int queue, IQueues queues)
    {
        if (queue == ControlQueue) _pending = null;
    }

    public void Dispose()
    {
        _screens.Dispose();
        _channel.Dispose();
    }

    private static int AnswerSize(SideRequest request) => request switch
    {
        SideRequest.GET_DISPLAY_INFO => GpuMessages.DisplayInfoSize,
        SideRequest.GET_EDID => GpuMessages.EdidSize,
        _ => sizeof(ulong),
    };

    /// <summary>Takes from the front-end's features what this device has use for.</summary>
    private void Agree(ReadOnlySpan<byte> features)
    {
        const ulong Edid = 1;
        ulong common = BinaryPrimitives.ReadUInt64LittleEndian(features) & (_shape.Edid ? Edid : 0);
        _channel.Tell(SideRequest.SET_PROTOCOL_FEATURES, BitConverter.GetBytes(common));
        GpuMisbehaviour.Commit(_shape.Fault, _channel);
    }

    private Served Point(Chain chain)
    {
        byte[] request = new byte[GpuPointer.RequestSize];
        if (chain.Readable.TryRead(0, request)) _pointer.Serve(request);
        return Served.Done(0);
    }

    private Served Control(Chain chain)
    {
        byte[] header = new byte[HeaderSize];
        GpuStatus status = chain.Readable.TryRead(0, header)
            ? Execute((GpuCommand)BinaryPrimitives.ReadUInt32LittleEndian(header), chain)
            : GpuStatus.Unspecified;
        return ReferenceEquals(_pending, chain) ? Served.Kept : Served.Done(Answer(chain, BitConverter.GetBytes((uint)status)));
    }

    /// <summary>A structure that is cut short does nothing and succeeds, as with QEMU's daemon.</summary>
    private GpuStatus Execute(GpuCommand command, Chain chain)
    {
        byte[] body = new byte[BodySize(command)];
        if (!chain.Readable.TryRead(HeaderSize, body)) return GpuStatus.OkNoData;
        return command switch
        {
            GpuCommand.GetDisplayInfo => Ask(SideRequest.GET_DISPLAY_INFO, [], chain),
            GpuCommand.GetEdid when _shape.Edid => AskEdid(body, chain),
            GpuCommand.ResourceCreate2D => _resources.Create(body),
            GpuCommand.ResourceUnref => _screens.Unref(body),
            GpuCommand.SetScanout => _screens.Set(body),
            GpuCommand.ResourceFlush => _screens.Flush(body),
            GpuCommand.TransferToHost2D => _resources.Transfer(body),
            GpuCommand.ResourceAttachBacking => _resources.Attach(body, chain, HeaderSize + body.Length),
            GpuCommand.ResourceDetachBacking => _resources.Detach(body),
            _ => GpuStatus.Unspecified,
        };
    }

    private static int BodySize(GpuCommand command) => command switch
    {
        GpuCommand.ResourceCreate2D => 16,
        GpuCommand.SetScanout or GpuCommand.ResourceFlush => 24,
        GpuCommand.TransferToHost2D => 32,
        GpuCommand.ResourceUnref or GpuCommand.ResourceAttachBacking or GpuCommand.ResourceDetachBacking or GpuCommand.GetEdid => 8,
        _ => 0,
    };

    private GpuStatus AskEdid(byte[] body, Chain chain) => BinaryPrimitives.ReadUInt32LittleEndian(body) < MostScanouts
        ? Ask(SideRequest.GET_EDID, body[..4], chain)
        : GpuStatus.InvalidParameter;

    private GpuStatus Ask(SideRequest question, byte[] payload, Chain chain)
    {
        _pending = chain;
        _channel.Ask(question, payload);
        return GpuStatus.OkNoData;
    }

    private void Complete(byte[] answer, IQueues queues)
    {
        if (_pending is not { } chain) return;
        _pending = null;
        queues.Complete(ControlQueue, chain, Answer(chain, answer));
    }

    /// <summary>
    /// struct virtio_gpu_ctrl_hdr with the request's fence in front of what follows it; cut off where the driver has left no room.
    /// </summary>
    private static uint Answer(Chain chain, ReadOnlySpan<byte> content)
    {
        byte[] request = new byte[HeaderSize];
        byte[] answer = new byte[Math.Max(HeaderSize, content.Length)];
        content.CopyTo(answer);
        if (chain.Readable.TryRead(0, request) && (BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(4)) & FenceFlag) != 0)
        {
            answer[4] |= (byte)FenceFlag;
            request.AsSpan(8, 12).CopyTo(answer.AsSpan(8));
        }
        int written = (int)Math.Min(answer.Length, chain.Writable.Length);
        return chain.Writable.TryWrite(0, answer.AsSpan(0, written)) ? (uint)written : 0;
    }
}
