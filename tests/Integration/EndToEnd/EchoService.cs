using System.Net.Sockets;
using System.Security.Cryptography;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>A listener on a Unix socket that sends back what it gets, for one client.</summary>
internal sealed class EchoService : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Thread _thread;

    internal EchoService(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Of all that came, once the client has said that it sends no more.</summary>
    internal string Sha256
    {
        get
        {
            Assert.True(_thread.Join(Trial.Limit), "the client did not end its stream");
            return Convert.ToHexStringLower(_hash.GetCurrentHash());
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join(Trial.Limit);
        _hash.Dispose();
    }

    private void Serve()
    {
        try
        {
            using Socket client = _listener.Accept();
            byte[] buffer = new byte[8192];
            for (int count; (count = client.Receive(buffer)) > 0;)
            {
                _hash.AppendData(buffer.AsSpan(0, count));
                client.Send(buffer.AsSpan(0, count));
            }
        }
        catch (SocketException)
        {
            // Nobody came, or the client has left without a word.
        }
    }
}
