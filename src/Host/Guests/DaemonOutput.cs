using System.Text;

namespace XenDmHost.Host.Guests;

/// <summary>Reads what a daemon writes, line by line. A line without an end is cut, so that a daemon cannot fill our memory.</summary>
internal static class DaemonOutput
{
    internal const int MaxLine = 4096;

    /// <summary>Gives each line to <paramref name="take"/> until the stream ends; then the stream is closed.</summary>
    internal static async Task Follow(StreamReader stream, Action<string> take)
    {
        // Process leaves it to the garbage collector, which in a host that allocates nothing may come by never.
        using StreamReader owned = stream;
        char[] chunk = new char[1024];
        StringBuilder line = new();
        try
        {
            for (int count; (count = await stream.ReadAsync(chunk)) > 0;)
            {
                Append(line, chunk.AsSpan(0, count), take);
            }

            Give(line, take);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was let go of in the middle of a read.
        }
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text, Action<string> take)
    {
        foreach (char c in text)
        {
            if (c == '\n' || line.Length == MaxLine)
            {
                Give(line, take);
            }

            if (c is not ('\n' or '\r'))
            {
                line.Append(c);
            }
        }
    }

    private static void Give(StringBuilder line, Action<string> take)
    {
        if (line.Length > 0)
        {
            take(line.ToString());
            line.Clear();
        }
    }
}
