using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace XenDmHost.Simulation.Store;

/// <summary>
/// One client's side of the store: answers its requests one after the other, keeps its watches and transactions.
/// <paramref name="send"/> must not block; it is called under the database's lock.
/// </summary>
internal sealed class StoreSession(StoreDatabase database, Action<byte[]> send) : IDisposable
{
    private readonly List<(string Asked, StoreWatch Watch)> _watches = [];
    private readonly Dictionary<uint, StoreTransaction> _transactions = [];
    private uint _lastTransaction;

    internal void Handle(StoreRequest request)
    {
        lock (database.Gate)
        {
            StoreAnswer answer = Answer(request);
            StoreOperation type = answer.Error == StoreErrno.None ? request.Operation : StoreOperation.Error;
            send(StoreWire.Encode(type, request.Id, request.Transaction, answer.Payload));
            database.FireEvents();
        }
    }

    public void Dispose()
    {
        lock (database.Gate) ResetWatches();
    }

    private StoreAnswer Answer(StoreRequest request)
    {
        StoreTransaction? transaction = null;
        bool ignoresTransaction = request.Operation is StoreOperation.Watch or StoreOperation.Unwatch or StoreOperation.ResetWatches;
        if (request.Transaction != 0 && !ignoresTransaction && !_transactions.TryGetValue(request.Transaction, out transaction))
        {
            return StoreErrno.ENOENT;
        }

        return request.Operation switch
        {
            StoreOperation.Write => Write(request, transaction),
            StoreOperation.Watch => Watch(request),
            StoreOperation.Unwatch => Unwatch(request),
            StoreOperation.TransactionStart => StartTransaction(transaction),
            StoreOperation.TransactionEnd => EndTransaction(request, transaction),
            StoreOperation.GetDomainPath or StoreOperation.IsDomainIntroduced => AnswerDomain(request),
            StoreOperation.ResetWatches => ResetWatches(),
            StoreOperation.Introduce or StoreOperation.Release or StoreOperation.Resume or StoreOperation.SetTarget => StoreErrno.EACCES,
            StoreOperation.DirectoryPart => DirectoryPart(request, transaction),
            StoreOperation.SetPerms => SetPermissions(request, transaction),
            StoreOperation.Directory or StoreOperation.Read or StoreOperation.GetPerms
                or StoreOperation.Mkdir or StoreOperation.Rm => AnswerNode(request, transaction),
            _ => StoreErrno.ENOSYS,
        };
    }

    private StoreAnswer AnswerNode(StoreRequest request, StoreTransaction? transaction)
    {
        if (!request.TryStrings(1, 1, out string[] strings) || !StorePaths.TryResolve(strings[0], out string path)) return StoreErrno.EINVAL;
        if (request.Operation == StoreOperation.Mkdir) return Apply(transaction, view => view.Mkdir(path));
        if (request.Operation == StoreOperation.Rm) return Apply(transaction, view => view.Remove(path));
        StoreNode? node = Find(transaction, path);
        if (node is null) return StoreErrno.ENOENT;
        return request.Operation switch
        {
            StoreOperation.Read => StoreAnswer.Of(node.Value),
            StoreOperation.GetPerms => StoreAnswer.Of(string.Join('\0', node.Permissions)),
            _ => StoreLists.Whole(node),
        };
    }

    private StoreAnswer Write(StoreRequest request, StoreTransaction? transaction)
    {
        int end = Array.IndexOf(request.Payload, (byte)0);
        if (end < 0) return StoreErrno.EINVAL;
        if (!StorePaths.TryResolve(Encoding.Latin1.GetString(request.Payload, 0, end), out string path)) return StoreErrno.EINVAL;
        byte[] value = request.Payload[(end + 1)..];
        return Apply(transaction, view => view.Write(path, value));
    }

    private StoreAnswer SetPermissions(StoreRequest request, StoreTransaction? transaction)
    {
        if (!request.TryStrings(2, int.MaxValue, out string[] strings)) return StoreErrno.EINVAL;
        if (!StorePaths.TryResolve(strings[0], out string path)) return StoreErrno.EINVAL;
        ImmutableArray<string> permissions = [.. strings.Skip(1)];
        if (!permissions.All(text => text.Length > 1 && "nrwb".Contains(text[0]) && ushort.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return StoreErrno.EINVAL;
        }

        return Apply(transaction, view => view.SetPermissions(path, permissions));
    }

    private StoreAnswer DirectoryPart(StoreRequest request, StoreTransaction? transaction)
    {
        if (!request.TryStrings(2, 2, out string[] strings) || !StorePaths.TryResolve(strings[0], out string path)) return StoreErrno.EINVAL;
        if (!int.TryParse(strings[1], NumberStyles.None, CultureInfo.InvariantCulture, out int offset)) return StoreErrno.EINVAL;
        return Find(transaction, path) is { } node ? StoreLists.Part(node, offset) : StoreErrno.ENOENT;
    }

    private StoreAnswer Watch(StoreRequest request)
    {
        if (!request.TryStrings(2, 2, out string[] strings)) return StoreErrno.EINVAL;
        (string asked, string token) = (strings[0], strings[1]);
        string path = asked;
        if (!StorePaths.IsSpecial(asked) && !StorePaths.TryResolve(asked, out path)) return StoreErrno.EINVAL;
        if (_watches.Exists(known => known.Watch.Path == path && known.Watch.Token == token)) return StoreErrno.EEXIST;
        StoreWatch watch = new(path, Relative: asked[0] is not '/' and not '@', token, eventPath => SendEvent(eventPath, token));
        _watches.Add((asked, watch));
        database.AddWatch(watch);
        return StoreErrno.None;
    }

    private StoreAnswer Unwatch(StoreRequest request)
    {
        if (!request.TryStrings(2, 2, out string[] strings)) return StoreErrno.EINVAL;
        int index = _watches.FindIndex(known => known.Asked == strings[0] && known.Watch.Token == strings[1]);
        if (index < 0) return StoreErrno.ENOENT;
        database.RemoveWatch(_watches[index].Watch);
        _watches.RemoveAt(index);
        return StoreErrno.None;
    }

    private StoreAnswer StartTransaction(StoreTransaction? around)
    {
        if (around is not null) return StoreErrno.EBUSY;
        _transactions[++_lastTransaction] = new StoreTransaction(database.View());
        return StoreAnswer.Of(_lastTransaction.ToString(CultureInfo.InvariantCulture));
    }

    private StoreAnswer EndTransaction(StoreRequest request, StoreTransaction? transaction)
    {
        if (!request.TryStrings(1, 1, out string[] strings) || strings[0] is not ("T" or "F")) return StoreErrno.EINVAL;
        if (transaction is null) return StoreErrno.ENOENT;
        _transactions.Remove(request.Transaction);
        return strings[0] == "T" ? database.Apply(transaction.Commit) : StoreErrno.None;
    }

    private StoreAnswer AnswerDomain(StoreRequest request)
    {
        if (!request.TryStrings(1, 1, out string[] strings)) return StoreErrno.EINVAL;
        if (!ushort.TryParse(strings[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort domid)) return StoreErrno.EINVAL;
        if (request.Operation == StoreOperation.GetDomainPath) return StoreAnswer.Of($"/local/domain/{domid}");
        return StoreAnswer.Of(database.IsIntroduced(domid) ? "T" : "F");
    }

    private StoreAnswer ResetWatches()
    {
        foreach ((_, StoreWatch watch) in _watches) database.RemoveWatch(watch);
        _watches.Clear();
        _transactions.Clear();
        return StoreErrno.None;
    }

    private StoreAnswer Apply(StoreTransaction? transaction, Func<StoreView, StoreErrno> change) =>
        transaction is null ? database.Apply(change) : transaction.Apply(change);

    private StoreNode? Find(StoreTransaction? transaction, string path) => (transaction?.View ?? database.View()).Find(path);

    private void SendEvent(string path, string token) =>
        send(StoreWire.Encode(StoreOperation.WatchEvent, 0, 0, Encoding.Latin1.GetBytes($"{path}\0{token}\0")));
}
