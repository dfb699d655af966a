using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// The front-end's side of one connection to a vhost-user back-end, for one thread at a time. The calls stand in the
/// order in which they are used: Negotiate, SetFeatures and SetMemTable, SetInflight, StartRing for each ready queue,
/// EnableRing for each, TellStart, StopRing, TellStop. Every call ends before its limit (<see cref="VhostUserLimits"/>) or the owner's earlier deadline, and returns a
/// result; nothing that a back-end does is an exception. After a failure other than Refused the connection is done for:
/// dispose it, connect again, and send everything again.
/// </summary>
internal sealed class VhostUserFrontEnd : IDisposable
{
    private readonly VhostUserChannel _channel;
    private readonly VhostUserLimits _limits;

    /// <param name="socket">The connection; owned from here on.</param>
    /// <param name="wakeUp">
    /// The owner's wake-up: when it is signalled, a wait looks at <paramref name="earlierDeadline"/> again. Not owned, and
    /// left signalled for the owner.
    /// </param>
    /// <param name="earlierDeadline">The owner's own deadline in Environment.TickCount64; long.MaxValue for none.</param>
    /// <param name="limits">Null for the usual ones.</param>
    internal VhostUserFrontEnd(
        UnixSocket socket, EventFd? wakeUp = null, Func<long>? earlierDeadline = null, VhostUserLimits? limits = null)
    {
        _channel = new VhostUserChannel(socket, wakeUp, earlierDeadline);
        _limits = limits ?? VhostUserLimits.Default;
    }

    /// <summary>To wait on for a hang-up while nothing is asked; then call <see cref="CheckIdle"/>.</summary>
    internal FileDescriptor Descriptor => _channel.Descriptor;

    /// <summary>What was agreed; nothing before Negotiate.</summary>
    internal BackEndOffer Offer { get; private set; } = BackEndOffer.Nothing;

    /// <summary>GET_FEATURES, the protocol features, GET_QUEUE_NUM, GET_MAX_MEM_SLOTS, SET_OWNER, GET_CONFIG. Once per connection.</summary>
    /// <param name="request">What the host brings and the device needs.</param>
    /// <param name="offer">What is known of the back-end, also after a failure: as far as it came.</param>
    internal VhostUserResult Negotiate(NegotiationRequest request, out BackEndOffer offer)
    {
        Negotiation negotiation = new(_channel, request, _limits);
        VhostUserResult result = negotiation.Run();
        Offer = offer = negotiation.Offer;
        return result;
    }

    /// <summary>
    /// SET_FEATURES with what the guest's driver accepted; vhost-user's own bit 30 is added where it was negotiated, which
    /// makes rings start disabled. With STATUS the back-end is told FEATURES_OK and asked whether it keeps that.
    /// </summary>
    internal VhostUserResult SetFeatures(ulong features)
    {
        ulong all = features | (Offer.Features & VhostUserFeature.ProtocolFeatures);
        MessageSubject subject = new(FrontEndRequest.SetFeatures, $"= 0x{all:x}");
        ulong notOffered = all & ~Offer.Features;
        return notOffered == 0
            ? _channel.Confirm(subject, Bytes(all), [], _limits.AnswerMs).Then(Status.TellFeatures)
            : VhostUserResult.Refused(subject, $"not sent: the back-end does not offer 0x{notOffered:x}");
    }

    /// <summary>
    /// SET_MEM_TABLE, replacing any earlier one, in the layout that was agreed. Legal right after Negotiate, and with all
    /// rings stopped.
    /// </summary>
    internal VhostUserResult SetMemTable(ReadOnlySpan<MemoryRegion> regions) => MemTable.Send(regions);

    /// <summary>ADD_MEM_REG; Refused without CONFIGURE_MEM_SLOTS.</summary>
    internal VhostUserResult AddMemoryRegion(in MemoryRegion region) => MemTable.Add(region);

    /// <summary>REM_MEM_REG of exactly a region that was added; Refused without CONFIGURE_MEM_SLOTS.</summary>
    internal VhostUserResult RemoveMemoryRegion(in MemoryRegion region) => MemTable.Remove(region);

    /// <summary>
    /// Describes a ring and starts it, disabled. After EnableRing its kick must be signalled once by whoever owns the kicks:
    /// back-ends of the older specification start with it, and requests that are queued already are found.
    /// </summary>
    internal VhostUserResult StartRing(RingSetup ring) => Rings.Start(ring);

    /// <summary>SET_VRING_ENABLE; nothing when the back-end has no protocol features (SET_FEATURES enabled the rings).</summary>
    internal VhostUserResult EnableRing(int index, bool enabled) => Rings.Enable(index, enabled);

    /// <summary>NET_SET_MTU, once the driver has accepted that there is one; nothing without MTU.</summary>
    internal VhostUserResult SetMtu(ushort mtu) =>
        Offer.ProtocolFeatures.Has(ProtocolFeature.Mtu)
            ? _channel.Confirm(new MessageSubject(FrontEndRequest.NetSetMtu, $"= {mtu}"), Bytes(mtu), [], _limits.AnswerMs)
            : VhostUserResult.Ok;

    /// <summary>SET_VRING_NUM alone: whether the back-end takes a queue of this size. A back-end that does not ends the connection.</summary>
    internal VhostUserResult SetRingSize(int index, int size) => Rings.SetSize(index, size);

    /// <summary>Says that the driver runs (STATUS: DRIVER_OK), after the rings are enabled; nothing without STATUS.</summary>
    internal VhostUserResult TellStart() => Status.TellStart();

    /// <summary>Says that the driver is gone (STATUS: 0), after the rings are stopped; nothing without STATUS.</summary>
    internal VhostUserResult TellStop() => Status.TellStop();

    /// <summary>GET_INFLIGHT_FD: a new buffer, which is the caller's. Only with INFLIGHT_SHMFD.</summary>
    internal VhostUserResult GetInflight(ushort queueCount, ushort queueSize, out InflightBuffer? buffer) =>
        new InflightExchange(_channel, _limits).Get(queueCount, queueSize, out buffer);

    /// <summary>SET_INFLIGHT_FD, before any ring starts. Only with INFLIGHT_SHMFD.</summary>
    internal VhostUserResult SetInflight(InflightBuffer buffer) => new InflightExchange(_channel, _limits).Set(buffer);

    /// <summary>Replaces the call eventfd of a ring, or takes it away with null.</summary>
    internal VhostUserResult SetCall(int index, EventFd? call) => Rings.SetCall(index, call);

    /// <summary>
    /// SET_VRING_ENABLE 0 and GET_VRING_BASE. When it succeeds the back-end touches the ring no more and has given up its
    /// kick and call eventfds.
    /// </summary>
    /// <param name="index">The ring.</param>
    /// <param name="vringBase">Where to resume; 0 after a failure. A number from the back-end: compare it with the ring's own index.</param>
    internal VhostUserResult StopRing(int index, out uint vringBase) => Rings.Stop(index, out vringBase);

    /// <summary>GET_CONFIG of the whole config space; Refused when the back-end does not serve that many bytes.</summary>
    internal VhostUserResult GetConfig(Span<byte> config) =>
        Offer.ProtocolFeatures.Has(ProtocolFeature.Config) ? Config.Read(config) : WithoutConfig(FrontEndRequest.GetConfig);

    /// <summary>SET_CONFIG with a write of the guest.</summary>
    internal VhostUserResult SetConfig(int offset, ReadOnlySpan<byte> bytes) =>
        Offer.ProtocolFeatures.Has(ProtocolFeature.Config) ? Config.Write(offset, bytes) : WithoutConfig(FrontEndRequest.SetConfig);

    /// <summary>
    /// RESET_DEVICE after all rings were stopped; nothing when it is not offered. Afterwards SET_FEATURES must be sent again.
    /// </summary>
    internal VhostUserResult ResetDevice() =>
        Offer.ProtocolFeatures.Has(ProtocolFeature.ResetDevice)
            ? _channel.Confirm(new MessageSubject(FrontEndRequest.ResetDevice), [], [], _limits.AnswerMs)
            : VhostUserResult.Ok;

    /// <summary>Hands one end of a socket to the back-end with a request that a device type defines: no payload, one descriptor.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="socket">The end to send; it stays with its owner, who closes it afterwards.</param>
    /// <param name="confirm">
    /// Wait for the acknowledgement. Only when another thread serves our end of that socket: some back-ends ask there first.
    /// </param>
    internal VhostUserResult SendSideChannel(uint request, FileDescriptor socket, bool confirm)
    {
        MessageSubject subject = new((FrontEndRequest)request, "(side channel)");
        return confirm
            ? _channel.Confirm(subject, [], [socket], _limits.AnswerMs)
            : _channel.SendOnly(subject, [], [socket], _limits.AnswerMs);
    }

    /// <summary>
    /// Looks at the connection while nothing is asked, without waiting: Ok when it is quiet, Closed when the back-end left,
    /// Malformed when it sent what nobody asked for.
    /// </summary>
    internal VhostUserResult CheckIdle() => _channel.CheckIdle();

    public void Dispose() => _channel.Dispose();

    private MemTableSender MemTable => new(_channel, Offer, _limits);

    private BackEndStatus Status => new(_channel, Offer, _limits);

    private RingControl Rings => new(_channel, Offer, _limits);

    private ConfigAccess Config => new(_channel, _limits);

    private static VhostUserResult WithoutConfig(FrontEndRequest request) =>
        VhostUserResult.Refused(new MessageSubject(request), "not sent: the back-end does not serve the config space (no CONFIG)");

    private static byte[] Bytes(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        MemoryMarshal.Write(bytes, in value);
        return bytes;
    }
}
