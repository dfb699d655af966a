using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>Sends requests to the front-end and waits for each answer, as rust-vmm's back-ends do once REPLY_ACK is negotiated.</summary>
internal sealed class RequestSender(UnixSocket socket, Action<string> log, Func<bool> acknowledged) : IDisposable
{
    private const uint ConfigChangeMsg = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>CONFIG_CHANGE_MSG.</summary>
    internal void ConfigChanged() => Send("CONFIG_CHANGE_MSG", ConfigChangeMsg, []);

    private void Send(string name, uint request, byte[] payload)
    {
        uint flags = VhostUserMessage.Version | (acknowledged() ? VhostUserMessage.NeedReply : 0);
        byte[] frame = [.. BitConverter.GetBytes(request), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(payload.Length), .. payload];
        string outcome = !socket.Send(frame) ? "cannot be sent" : acknowledged() ? Answer(request) : "was sent";
        log($"{name} {outcome}");
    }

    private string Answer(uint request)
    {
        if (!Poller.WaitReadable(socket.Fd, Limit)) return "was not answered";
        byte[] answer = new byte[VhostUserMessage.HeaderSize + sizeof(ulong)];
        List<FileDescriptor> none = [];
        SocketRead read = socket.Receive(answer, none);
        none.ForEach(fd => fd.Dispose());
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(answer);
        bool right = read.Bytes == answer.Length && words[0] == request && words[1] == (VhostUserMessage.Version | VhostUserMessage.Reply);
        return right ? $"was answered {words[3]}" : $"was answered wrongly ({read.Bytes} bytes)";
    }

    public void Dispose() => socket.Dispose();
}
