using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Our client and Debian's command-line clients at one real xenstored: each sees what the other does, on both transports.</summary>
public sealed class DebianClientsTests(DebianXenStore store) : IClassFixture<DebianXenStore>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_writes_the_other_reads(bool device)
    {
        using XenStoreClient client = Connect(device);
        string folder = $"/clients/{device}";
        Run("xenstore-write", $"{folder}/a", "by the tool");
        Assert.Equal("by the tool", client.Read($"{folder}/a").Value);
        Assert.Equal(XenStoreError.None, client.Write($"{folder}/b", "by us"));
        Assert.Equal("by us\n", Run("xenstore-read", $"{folder}/b"));
        Assert.Equal("a\nb\n", Run("xenstore-list", folder));
        Run("xenstore-chmod", $"{folder}/a", "n0", "b7");
        Assert.Equal([new(StoreAccess.None, 0), new(StoreAccess.Both, 7)], client.GetPermissions($"{folder}/a").Value);
        Assert.Equal(XenStoreError.None, client.SetPermissions($"{folder}/b", new StorePermission(StoreAccess.Read, 3)));
        Assert.Contains("(r3)", Run("xenstore-ls", "-p", folder), StringComparison.Ordinal);
        Run("xenstore-rm", folder);
        Assert.Equal(XenStoreError.ENOENT, client.Read(folder).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_does_the_others_watch_tells(bool device)
    {
        using XenStoreClient client = Connect(device);
        string folder = $"/watched/{device}";
        using EventLog<string> events = new();
        Assert.True(client.Watch(folder, events.Add).Ok);
        Assert.Equal(folder, events.Next());
        Run("xenstore-write", $"{folder}/tool", "");
        Assert.Equal($"{folder}/tool", events.Next());

        using OwnedProcess watch = OwnedProcess.Start(DebianPackages.Tool("xenstore-watch"), ["-n", "2", folder], ("XENSTORED_PATH", store.SocketPath));
        Assert.Equal(folder, watch.ReadLine());
        Assert.Equal(XenStoreError.None, client.Mkdir($"{folder}/us"));
        Assert.Equal($"{folder}/us", watch.ReadLine());
    }

    [Fact]
    public void An_old_store_offers_no_features_and_answers_its_control_commands()
    {
        using XenStoreClient client = Connect(device: false);
        Assert.Equal(StoreFeatures.None, client.GetFeatures().Value);
        Assert.Contains("print", client.Control("help").Value, StringComparison.Ordinal);
        Assert.Equal(XenStoreError.EINVAL, client.Control().Error);
    }

    private XenStoreClient Connect(bool device) => XenStoreClient.Connect(
        () => device ? new DeviceTransport(new KernelXenbusFile(store.SocketPath)) : UnixSocketTransport.Connect(store.SocketPath),
        new XenStoreClientOptions { RequestLimit = TimeSpan.FromSeconds(20) });

    private string Run(string tool, params string[] arguments) =>
        OwnedProcess.Run(DebianPackages.Tool(tool), arguments, ("XENSTORED_PATH", store.SocketPath));
}
