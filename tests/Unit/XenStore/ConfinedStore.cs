using System.Collections.Concurrent;
using System.Text;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>
/// The store as a guest of dom0's, domain 6, sees it. As seen with xenstored of Xen 4.20: it may not list /local/domain; below its own
/// folder it reads all; of another domain it reads what the domain itself may read, if that is its target (XS_SET_TARGET), and gets
/// EACCES for everything else, whether it is there or not. Watches are taken, and fire once; no event ever comes for special ones.
/// </summary>
internal sealed class ConfinedStore : IXenStoreTransport
{
    private const string Own = "/local/domain/6";
    private readonly BlockingCollection<byte[]> _toClient = [];
    private readonly ConcurrentDictionary<string, string> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _watches = new(StringComparer.Ordinal);
    private byte[] _rest = [];

    public string EndReason => "closed by the test";

    /// <summary>The domain whose rights it has beside its own.</summary>
    internal uint? Target { get; set; }

    /// <summary>What the toolstack does; whoever watches it is told, if he may read it.</summary>
    internal void Write(string path, string value)
    {
        _nodes[path] = value;
        Fire(path);
    }

    internal void Remove(string path)
    {
        foreach (string node in _nodes.Keys.Where(node => IsBelow(node, path))) _nodes.TryRemove(node, out _);
        Fire(path);
    }

    /// <summary>A guest as xl makes it, with one device of libxl's that this domain is to serve.</summary>
    internal void CreateGuest(uint domid, string name)
    {
        string guest = $"/local/domain/{domid}";
        _nodes[$"{guest}/vm"] = $"/vm/00000000-0000-0000-0000-{domid:d12}";
        _nodes[$"{guest}/name"] = name;
        Write($"{Own}/backend/virtio/{domid}/0", "");
        Write($"{Own}/backend/virtio/{domid}/0/state", "1");
    }

    public SendOutcome Send(ReadOnlySpan<byte> message)
    {
        uint operation = BitConverter.ToUInt32(message), id = BitConverter.ToUInt32(message[4..]), transaction = BitConverter.ToUInt32(message[8..]);
        string[] words = Encoding.Latin1.GetString(message[16..]).TrimEnd('\0').Split('\0');
        (uint kind, string answer) = Answer(operation, words);
        if (!TryFeed(Wire.Message(kind, id, transaction, answer))) return SendOutcome.Ended;
        if (operation == 4) TryFeed(Event(words[0], words[1]));
        return SendOutcome.Sent;
    }

    public int Receive(Span<byte> buffer)
    {
        try
        {
            if (_rest.Length == 0) _rest = _toClient.Take();
        }
        catch (InvalidOperationException)
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public void Close() => _toClient.CompleteAdding();

    public void Dispose() => Close();

    private (uint Kind, string Answer) Answer(uint operation, string[] words)
    {
        string path = Absolute(words[0]);
        switch (operation)
        {
            case 1 or 2 when !MayRead(path):
                return (16, "EACCES\0");
            case 1:
                string[] children = [.. _nodes.Keys.Where(node => node != path && IsBelow(node, path)).Select(node => node[(path.Length + 1)..].Split('/')[0]).Distinct()];
                return children.Length > 0 ? (1u, string.Concat(children.Select(child => child + "\0"))) : (16u, "ENOENT\0");
            case 2:
                return _nodes.TryGetValue(path, out string? value) ? (2u, value) : (16u, "ENOENT\0");
            case 4:
                _watches[words[1]] = words[0];
                return (4, "OK\0");
            case 5:
                _watches.TryRemove(words[1], out _);
                return (5, "OK\0");
            default:
                return (16, "EACCES\0");
        }
    }

    private void Fire(string path)
    {
        foreach ((string token, string watched) in _watches.Where(watch => MayRead(path) && IsBelow(path, Absolute(watch.Value))))
        {
            TryFeed(Event(watched.StartsWith('/') ? path : path[(Own.Length + 1)..], token));
        }
    }

    /// <summary>False once the connection is closed.</summary>
    private bool TryFeed(byte[] message)
    {
        try
        {
            _toClient.Add(message);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private bool MayRead(string path) => IsBelow(path, Own) || (Target is { } target && IsBelow(path, $"/local/domain/{target}"));

    private static byte[] Event(string path, string token) => Wire.Message(15, 0, 0, $"{path}\0{token}\0");

    private static string Absolute(string path) => path[0] is '/' or '@' ? path : $"{Own}/{path}";

    private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
