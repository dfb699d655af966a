namespace XenDmHost.Host.XenStore;

/// <summary>The view of the store that a transaction has; nobody else sees its writes before the commit.</summary>
internal sealed class XenStoreTransaction : XenStoreOperations
{
    private readonly XenStoreConnection _connection;
    private readonly TimeSpan _limit;
    private readonly uint _id;

    internal XenStoreTransaction(XenStoreConnection connection, uint id, TimeSpan limit)
    {
        _connection = connection;
        _id = id;
        _limit = limit;
    }

    internal XenStoreError Commit() => End("T");

    internal XenStoreError Abort() => End("F");

    private protected override XenStoreResult<byte[]> Request(XenStoreOperation operation, byte[] payload) =>
        _connection.Request(operation, _id, payload, _limit);

    private XenStoreError End(string how) => Request(XenStoreOperation.TransactionEnd, WireText.Encode([how])).Error;
}
