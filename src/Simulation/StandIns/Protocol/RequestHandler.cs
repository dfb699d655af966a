using System.Runtime.InteropServices;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Memory;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>
/// A vhost-user back-end's side of one connection, with the rules measured of rust-vmm's: which requests are refused, and
/// whether by an answer of 1 or by the end of the connection alone. README.md lists them.
/// </summary>
internal sealed partial class RequestHandler(StandInOptions options, IStandInDevice device, int connection, Action<string> log) : IDisposable
{
    private const ulong MemorySlots = 509;

    private readonly GuestMemory _memory = new() { CannotTouch = reason => Crash(log, reason) };
    private QueueSet? _queues;

    internal ISideChannel? SideChannel => device.SideChannel;

    /// <summary>What else the device listens to; null for most.</summary>
    internal IOutsideWorld? Outside => device as IOutsideWorld;

    internal QueueSet Queues => _queues ??= new(device, _memory, options.MaximumQueueSize, log);

    /// <summary>Serves one request. Nothing that a front-end sends makes this throw.</summary>
    internal Outcome Handle(VhostUserMessage message)
    {
        if (message.IsReply) return Outcome.Cut("a reply in place of a request");
        if (message.DescriptorCount > 0 && !TakesDescriptors(message.Request)) return Outcome.Cut($"{message.DescriptorCount} descriptors with it");
        if (SizeOf(message.Request) is { } size && message.Payload.Length != size)
        {
            return Outcome.Cut($"a payload of {message.Payload.Length} bytes instead of {size}");
        }
        return Dispatch(message);
    }

    public void Dispose()
    {
        _queues?.Dispose();
        DisposeExtras();
        _memory.Dispose();
    }

    private Outcome Dispatch(VhostUserMessage message) => message.Request switch
    {
        Request.GET_FEATURES => GetFeatures(),
        Request.SET_FEATURES => SetFeatures(U64(message)),
        Request.GET_PROTOCOL_FEATURES => GetProtocolFeatures(),
        Request.SET_PROTOCOL_FEATURES => SetProtocolFeatures(U64(message)),
        Request.SET_OWNER => SetOwner(),
        Request.RESET_OWNER => ResetOwner(),
        Request.RESET_DEVICE => ResetDevice(),
        Request.GET_QUEUE_NUM => IfAcked(ProtocolFeature.MQ) ?? Outcome.Answer((ulong)device.QueueCount),
        Request.GET_MAX_MEM_SLOTS => IfAcked(ProtocolFeature.CONFIGURE_MEM_SLOTS) ?? Outcome.Answer(MemorySlots),
        Request.SET_MEM_TABLE => Outcome.NackIf(SetMemTable(message)),
        Request.ADD_MEM_REG => AddMemReg(message),
        Request.REM_MEM_REG => RemMemReg(message),
        Request.SET_VRING_NUM => WithRing(message, SetVringNum),
        Request.SET_VRING_BASE => WithRing(message, SetVringBase),
        Request.SET_VRING_ADDR => SetVringAddr(message),
        Request.GET_VRING_BASE => GetVringBase(message),
        Request.SET_VRING_KICK or Request.SET_VRING_CALL or Request.SET_VRING_ERR => SetVringFd(message),
        Request.SET_VRING_ENABLE => SetVringEnable(message),
        Request.GET_CONFIG => IfAcked(ProtocolFeature.CONFIG) ?? GetConfig(message.Payload),
        Request.SET_CONFIG => IfAcked(ProtocolFeature.CONFIG) ?? Outcome.NackIf(SetConfig(message.Payload)),
        Request.GPU_SET_SOCKET when SideChannel is { } channel => SetSideSocket(channel, message),
        Request.SET_BACKEND_REQ_FD => SetBackEndRequestFd(message),
        Request.GET_STATUS => GetStatus(),
        Request.SET_STATUS => IfAcked(ProtocolFeature.STATUS) ?? SetStatus(U64(message)),
        Request.NET_SET_MTU => IfAcked(ProtocolFeature.MTU) ?? Outcome.NackIf(SetMtu(U64(message))),
        Request.GET_INFLIGHT_FD => GetInflightFd(message),
        Request.SET_INFLIGHT_FD => SetInflightFd(message),
        _ => Outcome.Cut("a request that is not served here"),
    };

    private static bool TakesDescriptors(Request request) => request is Request.SET_MEM_TABLE or Request.SET_VRING_CALL
        or Request.SET_VRING_KICK or Request.SET_VRING_ERR or Request.SET_LOG_BASE or Request.SET_LOG_FD
        or Request.SET_BACKEND_REQ_FD or Request.SET_INFLIGHT_FD or Request.ADD_MEM_REG or Request.SET_DEVICE_STATE_FD
        or Request.GPU_SET_SOCKET;

    /// <summary>The one payload size that a request has; null where the request itself tells, and where a wrong one is a NACK.</summary>
    private int? SizeOf(Request request) => request switch
    {
        Request.GET_FEATURES or Request.GET_PROTOCOL_FEATURES or Request.SET_OWNER or Request.RESET_OWNER
            or Request.RESET_DEVICE or Request.GET_QUEUE_NUM or Request.GET_MAX_MEM_SLOTS
            or Request.SET_BACKEND_REQ_FD or Request.GET_STATUS => 0,
        Request.SET_FEATURES or Request.SET_PROTOCOL_FEATURES or Request.SET_VRING_NUM or Request.SET_VRING_BASE
            or Request.GET_VRING_BASE or Request.SET_VRING_KICK or Request.SET_VRING_CALL or Request.SET_VRING_ERR
            or Request.SET_VRING_ENABLE or Request.SET_STATUS or Request.NET_SET_MTU => 8,
        Request.GET_INFLIGHT_FD or Request.SET_INFLIGHT_FD => InflightSize,
        Request.SET_VRING_ADDR => 40,
        Request.ADD_MEM_REG or Request.REM_MEM_REG => 8 + RegionSize,
        _ => null,
    };

    private Outcome? IfAcked(ulong protocolFeature) => (_ackedProtocolFeatures & protocolFeature) != 0
        ? null
        : Outcome.Cut($"protocol feature 0x{protocolFeature:x} was not acknowledged");

    private static ulong U64(VhostUserMessage message) => MemoryMarshal.Read<ulong>(message.Payload);

    private static uint U32(ReadOnlySpan<byte> payload, int offset) => MemoryMarshal.Read<uint>(payload[offset..]);
}
