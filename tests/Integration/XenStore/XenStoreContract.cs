using System.Globalization;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>What our client, and any client, may expect of a store: the same for the real one and the simulated one.</summary>
public abstract class XenStoreContract : IDisposable
{
    private static int s_lastFolder;
    private readonly IXenStore _store;
    private readonly Func<string, IXenStoreTransport> _open;
    private readonly XenStoreClient _client;
    private readonly XenStoreClient _other;
    private readonly string _folder = $"/test/f{Interlocked.Increment(ref s_lastFolder)}";

    private protected XenStoreContract(IXenStore store, Func<string, IXenStoreTransport>? open = null)
    {
        _store = store;
        _open = open ?? UnixSocketTransport.Connect;
        _client = Connect();
        _other = Connect();
        Assert.Equal(XenStoreError.None, _client.Mkdir(_folder));
    }

    public void Dispose()
    {
        _other.Dispose();
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_value_of_any_bytes_comes_back()
    {
        string value = string.Concat(Enumerable.Range(0, 256).Select(code => (char)code));
        Ok(_client.Write(_folder, value));
        Assert.Equal(value, _other.Read(_folder).Value);
    }

    [Fact]
    public void Writing_creates_the_parents_with_empty_values()
    {
        Ok(_client.Write($"{_folder}/a/b/c", "deep"));
        Assert.Equal("", _client.Read($"{_folder}/a/b").Value);
        Assert.Equal(["b"], _client.Directory($"{_folder}/a").Value);
        Assert.Empty(_client.Directory($"{_folder}/a/b/c").Value);
    }

    [Fact]
    public void What_is_missing_is_ENOENT()
    {
        Assert.Equal(XenStoreError.ENOENT, _client.Read($"{_folder}/x").Error);
        Assert.Equal(XenStoreError.ENOENT, _client.Directory($"{_folder}/x").Error);
        Assert.Equal(XenStoreError.ENOENT, _client.GetPermissions($"{_folder}/x").Error);
        Assert.Equal(XenStoreError.ENOENT, _client.SetPermissions($"{_folder}/x", new StorePermission(StoreAccess.None, 0)));
        Assert.False(_client.TryRead($"{_folder}/x", out _));
    }

    [Fact]
    public void Mkdir_keeps_a_value()
    {
        Ok(_client.Write($"{_folder}/a", "kept"));
        Ok(_client.Mkdir($"{_folder}/a"));
        Assert.Equal("kept", _client.Read($"{_folder}/a").Value);
    }

    [Fact]
    public void Removing_takes_all_below_and_minds_only_a_missing_parent()
    {
        Ok(_client.Write($"{_folder}/a/b", ""));
        Ok(_client.Remove($"{_folder}/a"));
        Assert.Equal(XenStoreError.ENOENT, _client.Read($"{_folder}/a/b").Error);
        Ok(_client.Remove($"{_folder}/a"));
        Assert.Equal(XenStoreError.ENOENT, _client.Remove($"{_folder}/a/b"));
    }

    [Fact]
    public void Permissions_are_inherited_by_new_children()
    {
        StorePermission[] permissions = [new(StoreAccess.None, 0), new(StoreAccess.Read, 5)];
        Ok(_client.SetPermissions(_folder, permissions));
        Ok(_client.Write($"{_folder}/a/b", ""));
        Assert.Equal(permissions, _client.GetPermissions($"{_folder}/a/b").Value);
    }

    [Fact]
    public void A_list_longer_than_an_answer_comes_in_parts()
    {
        List<string> names = [.. Enumerable.Range(0, 100).Select(number => $"{number:d3}-{new string('n', 90)}")];
        Ok(_client.RunTransaction(transaction => names.Select(name => transaction.Mkdir($"{_folder}/{name}")).FirstOrDefault(error => error != XenStoreError.None)));
        XenStoreResult<IReadOnlyList<string>> list = _client.Directory(_folder);
        Ok(list.Error);
        Assert.Equal(names, list.Value.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_watch_tells_of_itself_of_writes_and_of_removals_below()
    {
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch($"{_folder}/a", events);
        Ok(_other.Write($"{_folder}/a/b", ""));
        Assert.Equal($"{_folder}/a/b", events.Next());
        Ok(_other.Write($"{_folder}/ab", "not below"));
        Ok(_other.Write(_folder, "above"));
        Ok(_other.SetPermissions($"{_folder}/a/b", new StorePermission(StoreAccess.Read, 0)));
        Assert.Equal($"{_folder}/a/b", events.Next());
        Ok(_other.Remove($"{_folder}/a/b"));
        Assert.Equal($"{_folder}/a/b", events.Next());
    }

    [Fact]
    public void The_removal_of_an_ancestor_is_told_with_the_watchs_own_path()
    {
        Ok(_client.Write($"{_folder}/a/b", ""));
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch($"{_folder}/a/b", events);
        Ok(_other.Remove(_folder));
        Assert.Equal($"{_folder}/a/b", events.Next());
    }

    [Fact]
    public void A_relative_watch_tells_relative_paths_below_the_callers_domain()
    {
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch($"relative{_folder}", events);
        Ok(_other.Write($"/local/domain/0/relative{_folder}/a", ""));
        Assert.Equal($"relative{_folder}/a", events.Next());
        Assert.Equal("", _client.Read($"relative{_folder}/a").Value);
    }

    [Fact]
    public void A_watch_that_was_ended_is_silent()
    {
        using EventLog<string> events = new();
        XenStoreWatch ended = Watch(_folder, events);
        using EventLog<string> fence = new();
        using XenStoreWatch still = Watch(_folder, fence);
        ended.Dispose();
        Ok(_client.Write($"{_folder}/a", ""));
        Assert.Equal($"{_folder}/a", fence.Next());
        Assert.Empty(events.Drain());
    }

    [Theory]
    [InlineData("@introduceDomain")]
    [InlineData("@releaseDomain")]
    public void The_special_names_can_be_watched(string name)
    {
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch(name, events);
    }

    [Fact]
    public void A_transaction_is_seen_by_others_and_by_watches_only_when_it_is_committed()
    {
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch(_folder, events);
        Ok(_client.RunTransaction(transaction =>
        {
            Ok(transaction.Write($"{_folder}/a", "1"));
            Ok(transaction.Write($"{_folder}/b", "2"));
            Assert.Equal("1", transaction.Read($"{_folder}/a").Value);
            Assert.Equal(XenStoreError.ENOENT, _other.Read($"{_folder}/a").Error);
            Assert.Empty(events.Drain());
            return XenStoreError.None;
        }));
        Assert.Equal([$"{_folder}/a", $"{_folder}/b"], new[] { events.Next(), events.Next() }.Order(StringComparer.Ordinal));
        Assert.Equal("2", _other.Read($"{_folder}/b").Value);
    }

    [Fact]
    public void An_aborted_transaction_leaves_nothing()
    {
        XenStoreError error = _client.RunTransaction(transaction =>
        {
            Ok(transaction.Write($"{_folder}/a", "1"));
            return XenStoreError.EACCES;
        });
        Assert.Equal(XenStoreError.EACCES, error);
        Assert.Empty(_other.Directory(_folder).Value);
    }

    [Fact]
    public void A_transaction_whose_reading_has_changed_meanwhile_runs_again()
    {
        Ok(_client.Write($"{_folder}/counter", "0"));
        int runs = 0;
        Ok(_client.RunTransaction(transaction =>
        {
            int counter = int.Parse(transaction.Read($"{_folder}/counter").Value, CultureInfo.InvariantCulture);
            if (++runs == 1) Ok(_other.Write($"{_folder}/counter", "10"));
            return transaction.Write($"{_folder}/counter", (counter + 1).ToString(CultureInfo.InvariantCulture));
        }));
        Assert.Equal(2, runs);
        Assert.Equal("11", _other.Read($"{_folder}/counter").Value);
    }

    [Fact]
    public void Changes_elsewhere_are_no_conflict()
    {
        Ok(_client.Write($"{_folder}/mine/a", ""));
        int runs = 0;
        Ok(_client.RunTransaction(transaction =>
        {
            runs++;
            Ok(transaction.Read($"{_folder}/mine/a").Error);
            Ok(_other.Write($"{_folder}/yours", "1"));
            return transaction.Write($"{_folder}/mine/a", "2");
        }));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Many_at_once_count_without_losing_one()
    {
        Ok(_client.Write($"{_folder}/counter", "0"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => Enumerable.Range(0, 10).ToList().ForEach(_ => Count(worker % 2 == 0 ? _client : _other)))));
        Assert.Equal("40", _client.Read($"{_folder}/counter").Value);
    }

    [Fact]
    public void A_domains_folder_and_whether_it_is_known()
    {
        Assert.Equal("/local/domain/77", _client.GetDomainPath(77).Value);
        Assert.True(_client.IsDomainIntroduced(0).Value);
        Assert.False(_client.IsDomainIntroduced(77).Value);
    }

    [Fact]
    public void A_state_is_written_only_while_its_node_exists()
    {
        Ok(_client.Write($"{_folder}/5/0/state", "1"));
        Ok(XenbusBackEndState.Write(_client, $"{_folder}/5/0", XenbusState.Connected));
        Assert.Equal("4", _client.Read($"{_folder}/5/0/state").Value);
        Ok(_client.Remove($"{_folder}/5/0"));
        Assert.Equal(XenStoreError.ENOENT, XenbusBackEndState.Write(_client, $"{_folder}/5/0", XenbusState.Closed));
        Assert.Empty(_client.Directory($"{_folder}/5").Value);
    }

    [Fact]
    public void Watches_come_back_and_fire_once_after_the_store_was_restarted()
    {
        using EventLog<string> events = new();
        using XenStoreWatch watch = Watch(_folder, events);
        _store.Restart();
        Assert.Equal(_folder, events.Next());
        Assert.Equal(XenStoreError.ENOENT, _client.Read(_folder).Error);
        Ok(_client.Write($"{_folder}/a", "new life"));
        Assert.Equal($"{_folder}/a", events.Next());
    }

    [Theory]
    [InlineData(1, 0, "/missing-node\0", "ENOENT\0")]
    [InlineData(2, 0, "/tool//a\0", "EINVAL\0")]
    [InlineData(2, 0, "/tool/\0", "EINVAL\0")]
    [InlineData(2, 0, "/to ol\0", "EINVAL\0")]
    [InlineData(2, 4711, "/\0", "ENOENT\0")]
    [InlineData(4, 0, "/a\0", "EINVAL\0")]
    [InlineData(4, 0, "/a//b\0tok\0", "EINVAL\0")]
    [InlineData(5, 0, "/a\0never\0", "ENOENT\0")]
    [InlineData(6, 4711, "\0", "ENOENT\0")]
    [InlineData(7, 0, "X\0", "EINVAL\0")]
    [InlineData(7, 0, "T\0", "ENOENT\0")]
    [InlineData(10, 0, "", "EINVAL\0")]
    [InlineData(11, 0, "no NUL", "EINVAL\0")]
    [InlineData(13, 0, "/missing-node/a\0", "ENOENT\0")]
    [InlineData(13, 0, "/\0", "EINVAL\0")]
    [InlineData(14, 0, "/\0", "EINVAL\0")]
    [InlineData(14, 0, "/\0x0\0", "EINVAL\0")]
    [InlineData(20, 0, "1\0", "ENOSYS\0")]
    [InlineData(22, 0, "/missing-node\00\0", "ENOENT\0")]
    [InlineData(99, 0, "", "ENOSYS\0")]
    [InlineData(65535, 0, "", "ENOSYS\0")]
    public void A_bad_request_is_answered_by_this_name(uint operation, uint transaction, string payload, string expected)
    {
        using RawClient raw = new(_store.SocketPath);
        Assert.Equal((16u, expected), raw.Ask(operation, transaction, payload));
    }

    [Fact]
    public void A_watch_is_registered_once_and_a_transaction_does_not_nest()
    {
        using RawClient raw = new(_store.SocketPath);
        Assert.Equal((4u, "OK\0"), raw.Ask(4, 0, "/a\0tok\0"));
        Assert.Equal((16u, "EEXIST\0"), raw.Ask(4, 0, "/a\0tok\0"));
        Assert.Equal((4u, "OK\0"), raw.Ask(4, 0, "/a\0tok2\0"));
        (_, string id) = raw.Ask(6, 0, "\0");
        Assert.Equal((16u, "EBUSY\0"), raw.Ask(6, uint.Parse(id.AsSpan(0, id.Length - 1), CultureInfo.InvariantCulture), "\0"));
    }

    [Fact]
    public void The_last_part_of_a_list_ends_with_an_empty_name()
    {
        Ok(_client.Mkdir($"{_folder}/a"));
        using RawClient raw = new(_store.SocketPath);
        (uint operation, string payload) = raw.Ask(22, 0, $"{_folder}\00\0");
        Assert.Equal(22u, operation);
        Assert.EndsWith("\0a\0\0", payload, StringComparison.Ordinal);
        string generation = payload[..(payload.IndexOf('\0') + 1)];
        Assert.Equal((22u, generation + "\0"), raw.Ask(22, 0, $"{_folder}\02\0"));
    }

    [Fact]
    public void Who_announces_more_than_4096_bytes_is_dropped()
    {
        using RawClient raw = new(_store.SocketPath);
        raw.Send(2, 0, 4097, "");
        Assert.True(raw.IsDropped());
        Assert.True(_client.Read("/").Ok);
    }

    private static void Ok(XenStoreError error) => Assert.Equal(XenStoreError.None, error);

    private XenStoreClient Connect() =>
        XenStoreClient.Connect(() => _open(_store.SocketPath), new XenStoreClientOptions { RequestLimit = TimeSpan.FromSeconds(20) });

    private void Count(XenStoreClient client) => Ok(client.RunTransaction(transaction =>
    {
        int counter = int.Parse(transaction.Read($"{_folder}/counter").Value, CultureInfo.InvariantCulture);
        return transaction.Write($"{_folder}/counter", (counter + 1).ToString(CultureInfo.InvariantCulture));
    }));

    /// <summary>Registers a watch and takes its first event.</summary>
    private XenStoreWatch Watch(string path, EventLog<string> events)
    {
        XenStoreResult<XenStoreWatch> watch = _client.Watch(path, events.Add);
        Ok(watch.Error);
        Assert.Equal(path, events.Next());
        return watch.Value;
    }
}
