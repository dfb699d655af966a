namespace XenDmHost.Host.XenStore.Transport;

/// <summary>
/// A connection to the store that carries messages as bytes. <see cref="Send"/> and <see cref="Receive"/> are called
/// by different threads, each by one at a time.
/// </summary>
internal interface IXenStoreTransport : IDisposable
{
    /// <summary>Why the connection ended, for the log; empty as long as it has not.</summary>
    string EndReason { get; }

    /// <summary>Sends exactly one message, within the transport's time limit where it has one.</summary>
    SendOutcome Send(ReadOnlySpan<byte> message);

    /// <summary>Waits for bytes; 0 at the end of the connection.</summary>
    int Receive(Span<byte> buffer);

    /// <summary>Ends the connection, and with it a <see cref="Receive"/> that is under way.</summary>
    void Close();
}
