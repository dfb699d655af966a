using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>
/// In the kernel's place: /dev/xen/xenbus with the rules of xenbus_dev_frontend.c, in front of a store's socket. It takes
/// the first whole message of a write and drops the rest, refuses what is longer than its buffer, registers watches
/// itself, tells a failure by the errno of the write, answers every UNWATCH with OK, and fills the ids of an event with rubbish.
/// </summary>
internal sealed class KernelXenbusFile : IXenbusFile
{
    private const int BufferSize = 4096, HeaderSize = 16;
    private const uint Watch = 4, Unwatch = 5, Event = 15, Error = 16;
    private const uint KernelId = 0xffff0000;

    private static readonly Dictionary<string, int> s_errnos = new()
    {
        ["ENOENT"] = 2, ["EACCES"] = 13, ["EEXIST"] = 17, ["EINVAL"] = 22, ["ENOSPC"] = 28,
    };

    private readonly Socket _store = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly BlockingCollection<byte[]> _toRead = [];
    private readonly BlockingCollection<(uint Type, string Text)> _kernelAnswers = [];
    private readonly ConcurrentDictionary<string, (string Path, string Token)> _watches = new();
    private readonly Thread _pump;
    private byte[] _rest = [];
    private int _lastToken;
    private uint _lastId;

    internal KernelXenbusFile(string socketPath)
    {
        try
        {
            _store.Connect(new UnixDomainSocketEndPoint(socketPath));
        }
        catch (SocketException gone)
        {
            // As the device says it, whose store is being started again.
            _store.Dispose();
            throw new IOException(gone.Message, gone);
        }

        _pump = new Thread(Pump) { IsBackground = true };
        _pump.Start();
    }

    public int Write(ReadOnlySpan<byte> message)
    {
        if (message.Length > BufferSize) return -22;
        if (message.Length < HeaderSize) throw new NotSupportedException("a message in parts");
        uint type = BitConverter.ToUInt32(message), id = BitConverter.ToUInt32(message[4..]);
        int length = HeaderSize + BitConverter.ToInt32(message[12..]);
        if (length > BufferSize) return -7;
        byte[] first = message[..length].ToArray();
        _lastId = id;
        try
        {
            return type is Watch or Unwatch ? Intercept(type, first, message.Length) : Forward(first, message.Length);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return -9;
        }
    }

    public int Read(Span<byte> buffer)
    {
        if (_rest.Length == 0 && !_toRead.TryTake(out _rest!, Timeout.Infinite)) return 0;

        // Whatever else is there comes along, and the last message may be cut.
        while (_rest.Length < buffer.Length && _toRead.TryTake(out byte[]? more)) _rest = [.. _rest, .. more];
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public void Close()
    {
        try
        {
            _store.Shutdown(SocketShutdown.Both);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The store was faster, or the reader that found its end.
        }
    }

    public void Dispose()
    {
        Close();
        _pump.Join();
        _store.Dispose();
    }

    private int Forward(byte[] message, int written)
    {
        _store.Send(message);
        return written;
    }

    private int Intercept(uint type, byte[] message, int written)
    {
        string[] strings = Encoding.Latin1.GetString(message, HeaderSize, message.Length - HeaderSize).Split('\0');
        if (type == Unwatch)
        {
            foreach ((string known, _) in _watches.Where(watch => watch.Value == (strings[0], strings[1])).ToList())
            {
                _watches.TryRemove(known, out _);
                AskForKernel(Unwatch, $"{strings[0]}\0{known}\0");
            }
        }
        else
        {
            string token = $"k{Interlocked.Increment(ref _lastToken)}";
            _watches[token] = (strings[0], strings[1]);
            (uint answer, string text) = AskForKernel(Watch, $"{strings[0]}\0{token}\0");
            if (answer == Error) return -s_errnos[text.TrimEnd('\0')];
        }

        Queue(type, BitConverter.ToUInt32(message, 4), 0, "OK\0");
        return written;
    }

    private (uint Type, string Text) AskForKernel(uint type, string payload)
    {
        _store.Send(Message(type, KernelId, 0, payload));
        return _kernelAnswers.TryTake(out (uint Type, string Text) answer, 20_000) ? answer : throw new TimeoutException();
    }

    private void Pump()
    {
        try
        {
            while (true)
            {
                byte[] header = Receive(HeaderSize), payload = Receive(BitConverter.ToInt32(header, 12));
                Take(BitConverter.ToUInt32(header), BitConverter.ToUInt32(header, 4), [.. header, .. payload]);
            }
        }
        catch (Exception ended) when (ended is EndOfStreamException or SocketException)
        {
            _toRead.CompleteAdding();
        }
    }

    private void Take(uint type, uint id, byte[] message)
    {
        string text = Encoding.Latin1.GetString(message, HeaderSize, message.Length - HeaderSize);
        if (type == Event)
        {
            string[] strings = text.Split('\0');
            // The id of a request that may be waiting is the worst rubbish there is.
            if (_watches.TryGetValue(strings[1], out var watch)) Queue(Event, _lastId, 0xdeadbeef, $"{strings[0]}\0{watch.Token}\0");
        }
        else if (id == KernelId)
        {
            _kernelAnswers.Add((type, text));
        }
        else
        {
            _toRead.Add(message);
        }
    }

    private void Queue(uint type, uint id, uint transaction, string payload) => _toRead.Add(Message(type, id, transaction, payload));

    private static byte[] Message(uint type, uint id, uint transaction, string payload) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(transaction), .. BitConverter.GetBytes(payload.Length), .. Encoding.Latin1.GetBytes(payload)];

    private byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int got = 0; got < count;)
        {
            int more = _store.Receive(bytes.AsSpan(got));
            if (more == 0) throw new EndOfStreamException();
            got += more;
        }

        return bytes;
    }
}
