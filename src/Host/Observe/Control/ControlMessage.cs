using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace XenDmHost.Host.Observe.Control;

/// <summary>
/// A message on a control socket: one JSON object in one line of UTF-8. A request names its "command"; an answer has "ok",
/// and "error" when that is false.
/// </summary>
internal static class ControlMessage
{
    /// <summary>Reads a line.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="maxBytes">The most bytes of a line.</param>
    /// <param name="limitMs">How long all of it may take, so that one byte now and then is no way to stay.</param>
    /// <returns>The object; null when the peer left, was silent, or sent something else.</returns>
    internal static JsonObject? Read(Socket socket, int maxBytes, int limitMs)
    {
        long deadline = Environment.TickCount64 + limitMs;
        byte[] bytes = new byte[Math.Min(4096, maxBytes)];
        int filled = 0;
        try
        {
            while (filled == 0 || bytes[filled - 1] != (byte)'\n')
            {
                if (filled == maxBytes)
                {
                    return null;
                }

                if (filled == bytes.Length)
                {
                    Array.Resize(ref bytes, (int)Math.Min((long)filled * 2, maxBytes));
                }

                int left = (int)Math.Max(0, deadline - Environment.TickCount64);
                if (left == 0)
                {
                    return null;
                }

                socket.ReceiveTimeout = left;
                int count = socket.Receive(bytes.AsSpan(filled));
                if (count == 0)
                {
                    return null;
                }

                filled += count;
            }

            return JsonNode.Parse(bytes.AsSpan(0, filled), documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject;
        }
        catch (Exception refused) when (refused is SocketException or JsonException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Writes a line.</summary>
    /// <exception cref="SocketException">The peer has left, or does not take it in time.</exception>
    internal static void Write(Socket socket, JsonObject message)
    {
        ReadOnlySpan<byte> rest = [.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n'];
        while (rest.Length > 0)
        {
            rest = rest[socket.Send(rest)..];
        }
    }

    internal static JsonObject Failure(string error) => new() { ["ok"] = false, ["error"] = error };
}
