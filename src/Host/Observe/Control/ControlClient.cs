using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace XenDmHost.Host.Observe.Control;

/// <summary>Asks a running host.</summary>
internal static class ControlClient
{
    /// <summary>The most bytes of an answer: the largest picture as text.</summary>
    private const int MaxAnswerBytes = 256 << 20;
    private const int PatienceMs = 30_000;

    /// <summary>Sends one command.</summary>
    /// <returns>The answer, whose "ok" is true, or what is wrong in one line.</returns>
    internal static (JsonObject? Answer, string Error) Ask(string path, JsonObject request)
    {
        if (ControlSocketPath.Obstacle(path) is { } obstacle)
        {
            return (null, obstacle);
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = PatienceMs };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            ControlMessage.Write(socket, request);
        }
        catch (SocketException refused)
        {
            string advice = refused.SocketErrorCode == SocketError.AccessDenied
                ? "run as the user that the host runs as"
                : "does a host serve this guest, with the same \"runtimeFolder\" or --runtime?";
            return (null, $"{path}: {refused.Message}: {advice}");
        }

        JsonObject? answer = ControlMessage.Read(socket, MaxAnswerBytes, PatienceMs);
        return answer is null ? (null, $"{path}: the host gives no answer")
            : answer["ok"]?.GetValue<bool>() == true ? (answer, "")
            : (null, answer["error"]?.GetValue<string>() ?? $"{path}: the host's answer is not understood");
    }
}
