using XenDmHost.Host.XenStore;
using XenDmHost.IntegrationTests.XenStore;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>The toolstack takes a device away, as libxl does before it destroys a guest.</summary>
public sealed class ToolstackRemovalTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    /// <summary>libxl destroys the guest at this word, whose pages must not be mapped any more.</summary>
    [Fact]
    public void A_device_is_closed_when_its_daemon_has_ended()
    {
        Assert.False(DaemonIsAliveWhenClosed(GuestFiles.StandIn("snd")));
    }

    /// <summary>It is killed when its time is over, and only then is the device closed.</summary>
    [Fact]
    public void For_a_daemon_that_does_not_end_by_itself_the_word_is_put_off_until_it_is_killed()
    {
        string hostFile = _trial.Write("host.json", """{ "limits": { "stopDaemonMs": 3000 } }""");
        string[] stubborn = ["/bin/sh", "-c", "trap '' TERM; \"$@\"; true", "sh", .. GuestFiles.StandIn("snd")];
        Assert.False(DaemonIsAliveWhenClosed(stubborn, "--host-config", hostFile));
    }

    /// <summary>libxl waits for all of a guest's devices together.</summary>
    [Fact]
    public void A_device_whose_daemon_takes_its_time_keeps_no_other_from_being_closed()
    {
        string hostFile = _trial.Write("host.json", """{ "limits": { "stopDaemonMs": 60000 } }""");
        string release = _trial.PathOf("release");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, SlowToEnd(release)), GuestFiles.Sound(1, GuestFiles.StandIn("snd"))]));
        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess host = _trial.Run([file, "--host-config", hostFile]);
        guest.Facts();

        using XenStoreClient store = ConnectStore();
        GoOffline(store, NodeOf(0));
        host.Errors.Expect("device 0: removed by the toolstack");
        GoOffline(store, NodeOf(1));
        AwaitState(store, NodeOf(1), "6");
        Assert.Equal("5", store.Read($"{NodeOf(0)}/state").Value);

        File.WriteAllText(release, "\n");
        AwaitState(store, NodeOf(0), "6");
        Trial.End(host);
    }

    /// <summary>Its number, its socket and its registers are the former one's.</summary>
    [Fact]
    public void A_node_that_is_made_anew_while_its_device_is_let_go_of_is_served_afterwards()
    {
        string hostFile = _trial.Write("host.json", """{ "limits": { "stopDaemonMs": 60000 } }""");
        string release = _trial.PathOf("release");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, SlowToEnd(release))]));
        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess host = _trial.Run([file, "--host-config", hostFile]);
        guest.Facts();
        int first = BackEndDeathTests.StartedDaemon(host);

        using XenStoreClient store = ConnectStore();
        Dictionary<string, string> node = store.Directory(NodeOf(0)).Value.ToDictionary(name => name, name => store.Read($"{NodeOf(0)}/{name}").Value);
        Assert.Equal(XenStoreError.None, store.Remove(NodeOf(0)));
        host.Errors.Expect("device 0: removed by the toolstack");
        node["state"] = "1";
        Assert.Equal(XenStoreError.None, store.RunTransaction(transaction =>
            node.Select(entry => transaction.Write($"{NodeOf(0)}/{entry.Key}", entry.Value)).FirstOrDefault(error => error != XenStoreError.None)));
        Assert.True(IsAlive(first));

        File.WriteAllText(release, "\n");
        Assert.NotEqual(first, BackEndDeathTests.StartedDaemon(host));
        AwaitState(store, NodeOf(0), "4");
        Trial.End(host);
    }

    /// <summary>A daemon that, asked to end, does so when somebody writes to the pipe; without the pipe one like any other.</summary>
    private static string[] SlowToEnd(string pipe)
    {
        OwnedProcess.Run("/usr/bin/mkfifo", [pipe]);
        const string Script = """[ -e "$0" ] || exec "$@"; "$@" & trap 'kill $!; read -r _ <"$0"; rm "$0"; exit' TERM; wait""";
        return ["/bin/sh", "-c", Script, pipe, .. GuestFiles.StandIn("snd")];
    }

    private static string NodeOf(int id) => $"/local/domain/0/backend/virtio/1/{id}";

    private XenStoreClient ConnectStore() =>
        XenStoreClient.ConnectUnix(Path.Combine(_trial.PathOf("trial"), "xenstored.sock"), new XenStoreClientOptions());

    private static void GoOffline(XenStoreClient store, string node) => Assert.Equal(XenStoreError.None, store.RunTransaction(transaction =>
    {
        XenStoreError error = transaction.Write($"{node}/online", "0");
        return error != XenStoreError.None ? error : transaction.Write($"{node}/state", "5");
    }));

    private static void AwaitState(XenStoreClient store, string node, string state)
    {
        using ManualResetEventSlim reached = new();
        XenStoreResult<XenStoreWatch> watch = store.Watch($"{node}/state", _ =>
        {
            if (store.Read($"{node}/state").Value == state) reached.Set();
        });
        Assert.True(watch.Ok);
        Assert.True(reached.Wait(Trial.Limit), $"{node}/state is {store.Read($"{node}/state").Value}, not {state}");
        watch.Value.Dispose();
    }

    private bool DaemonIsAliveWhenClosed(string[] launch, params string[] options)
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, launch)]));
        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess host = _trial.Run([file, .. options]);
        guest.Facts();
        int daemon = BackEndDeathTests.StartedDaemon(host);
        Assert.True(IsAlive(daemon));

        using XenStoreClient store = ConnectStore();
        using ManualResetEventSlim closed = new();
        bool aliveWhenClosed = false;
        XenStoreResult<XenStoreWatch> watch = store.Watch($"{NodeOf(0)}/state", _ =>
        {
            if (!closed.IsSet && store.Read($"{NodeOf(0)}/state").Value == "6")
            {
                aliveWhenClosed = IsAlive(daemon);
                closed.Set();
            }
        });
        Assert.True(watch.Ok);
        GoOffline(store, NodeOf(0));
        Assert.True(closed.Wait(Trial.Limit), host.Errors.Text);
        host.Errors.Expect("device 0: removed by the toolstack");
        watch.Value.Dispose();
        Trial.End(host);
        return aliveWhenClosed;
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");
}
