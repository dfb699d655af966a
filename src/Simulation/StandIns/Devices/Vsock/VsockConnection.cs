using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices.Vsock;

/// <summary>One stream between a port of the guest and a Unix socket of the host.</summary>
internal sealed class VsockConnection(UnixSocket host) : IDisposable
{
    /// <summary>How much the guest may send ahead of what the host has taken.</summary>
    internal const int Room = 64 * 1024;

    private readonly List<byte> _forHost = [];
    private uint _guestRoom;
    private uint _guestForwarded;
    private uint _sentToGuest;
    private bool _guestEnded;

    internal FileDescriptor Fd => host.Fd;

    /// <summary>Bytes of the guest that the host has taken.</summary>
    internal uint Forwarded { get; private set; }

    internal bool HasForHost => _forHost.Count > 0;

    /// <summary>The host has said that it sends no more.</summary>
    internal bool HostEnded { get; private set; }

    /// <summary>Bytes that the guest has room for.</summary>
    internal int Credit => (int)Math.Clamp((long)_guestRoom - (uint)(_sentToGuest - _guestForwarded), 0, int.MaxValue);

    internal void TakeCredit(in VsockPacket packet) => (_guestRoom, _guestForwarded) = (packet.Room, packet.Forwarded);

    /// <summary>False when the guest sends more than it was given room for, or the host is gone.</summary>
    internal bool TakeFromGuest(ReadOnlySpan<byte> data)
    {
        if (_forHost.Count + data.Length > Room) return false;
        _forHost.AddRange(data);
        return PassToHost();
    }

    internal bool EndGuest()
    {
        _guestEnded = true;
        return PassToHost();
    }

    /// <summary>Gives the host what it takes without waiting; false when it is gone.</summary>
    internal bool PassToHost()
    {
        while (_forHost.Count > 0)
        {
            int sent = host.SendSome(_forHost.ToArray());
            if (sent < 0) return false;
            if (sent == 0) return true;
            _forHost.RemoveRange(0, sent);
            Forwarded += (uint)sent;
        }
        if (_guestEnded) host.EndSending();
        return true;
    }

    /// <summary>What the host has sent, as far as the guest has room for it; empty for nothing.</summary>
    internal byte[] TakeFromHost(int most)
    {
        byte[] data = new byte[Math.Min(most, Credit)];
        if (data.Length == 0) return [];
        int received = host.Receive(data, []).Bytes;
        HostEnded |= received == 0;
        _sentToGuest += (uint)Math.Max(0, received);
        return data[..Math.Max(0, received)];
    }

    public void Dispose() => host.Dispose();
}
