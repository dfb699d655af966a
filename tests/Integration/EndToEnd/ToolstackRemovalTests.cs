using XenDmHost.Host.XenStore;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>The toolstack takes a device away, as libxl does before it destroys a guest.</summary>
public sealed class ToolstackRemovalTests : IDisposable
{
    private const string Node = "/local/domain/0/backend/virtio/1/0";
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

    private bool DaemonIsAliveWhenClosed(string[] launch, params string[] options)
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, launch)]));
        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess host = _trial.Run([file, .. options]);
        guest.Facts();
        int daemon = BackEndDeathTests.StartedDaemon(host);
        Assert.True(IsAlive(daemon));

        using XenStoreClient store = XenStoreClient.ConnectUnix(Path.Combine(_trial.PathOf("trial"), "xenstored.sock"), new XenStoreClientOptions());
        using ManualResetEventSlim closed = new();
        bool aliveWhenClosed = false;
        XenStoreResult<XenStoreWatch> watch = store.Watch($"{Node}/state", _ =>
        {
            if (!closed.IsSet && store.Read($"{Node}/state").Value == "6")
            {
                aliveWhenClosed = IsAlive(daemon);
                closed.Set();
            }
        });
        Assert.True(watch.Ok);
        Assert.Equal(XenStoreError.None, store.RunTransaction(transaction =>
        {
            XenStoreError error = transaction.Write($"{Node}/online", "0");
            return error != XenStoreError.None ? error : transaction.Write($"{Node}/state", "5");
        }));
        Assert.True(closed.Wait(Trial.Limit), host.Errors.Text);
        host.Errors.Expect("device 0: removed by the toolstack");
        watch.Value.Dispose();
        Trial.End(host);
        return aliveWhenClosed;
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");
}
