using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.Plugins;
using XenDmHost.Host.VirtioMmio;
using XenDmHost.IntegrationTests.StandIns;
using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>
/// One device as the host serves it, without a hypervisor under it: a stand-in disk that says each request, a domain whose RAM
/// changes, and a driver that is the test.
/// </summary>
internal sealed class ServedDisk : IDeviceEvents, IAnswer, IDisposable
{
    private const string Said = "stand-in blk: request ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private const int RequestAt = 0x10000, WritebackOffset = 32;

    private readonly HostLog _log = new();
    private readonly DaemonLauncher _launcher = new();
    private readonly CallRelay _relay = new("test");
    private readonly AwaitedInterrupt _interrupt = new();
    private readonly BackEndProcess _process;
    private readonly TestRing _ring;
    private readonly GuestDevice _device;
    private readonly DeviceController _controller;
    private byte _writeback = 1;
    private int _answered;

    /// <summary>How long an access may be held, unless said otherwise.</summary>
    internal const int HoldMs = 8000;

    internal ServedDisk(bool xen, params string[] options)
        : this(xen, HoldMs, options)
    {
    }

    internal ServedDisk(bool xen, int holdMs, params string[] options)
    {
        Guest = new TestGuest(xen);
        Domain = new ChangingDomain(Guest);
        _ring = new TestRing(Guest, 0, TestGuest.Base);
        _process = BackEndProcess.StartStandIn(["blk", "--image", "{dir}/disk", "--size", "1048576", "--log-requests", .. xen ? ["--xen"] : (string[])[], .. options]);
        DevicePlan plan = Plan();
        _device = new GuestDevice(
            0x2000000, new RegisterFileLayout { QueueSizes = plan.QueueSizes, WritableFields = ConfigSpace.WritableFieldsOf(plan.Model.ConfigSpace), IsRam = (_, _) => true },
            new RegisterMemory(plan.QueueSizes.Count), _interrupt, holdMs, new HeldProbes(this, 0));
        _controller = new DeviceController(plan, _device, new ControllerContext
        {
            Domain = Domain,
            Answer = this,
            Synchronize = () => { },
            Relay = _relay,
            Limits = HostInProcess.ShortLimits with { HoldMs = holdMs, ReplyMs = 20_000 },
            Events = this,
            Launcher = _launcher,
            Log = _log.CreateLogger("/0 disk"),
            RouteKick = NoRoute,
            IsXen = false,
            StateIsLost = false,
        });
    }

    private static IDisposable? NoRoute(GuestDevice device, int queue, EventFd kick, out string refusal)
    {
        refusal = "no kernel";
        return null;
    }

    internal ChangingDomain Domain { get; }

    internal TestGuest Guest { get; }

    /// <summary>From no back-end to a driver whose one ring lies at the beginning of RAM and runs.</summary>
    internal void Start()
    {
        Connect();
        _log.WaitFor(0, "connected to");
        BringUp();
    }

    /// <summary>What a driver does with a device that is there.</summary>
    internal void BringUp()
    {
        Write(MmioRegister.Status, 1);
        Write(MmioRegister.Status, 3);
        Write(MmioRegister.DriverFeaturesSel, 1);
        Write(MmioRegister.DriverFeatures, 1);
        Write(MmioRegister.Status, 0xb);
        Write(MmioRegister.QueueSize, 8);
        Write(MmioRegister.QueueDescLow, (uint)TestGuest.Base);
        Write(MmioRegister.QueueDriverLow, (uint)TestGuest.Base + 0x400);
        Write(MmioRegister.QueueDeviceLow, (uint)TestGuest.Base + 0x800);
        Write(MmioRegister.QueueReady, 1);
        Write(MmioRegister.Status, 0xf);
        RequestsUntil("SET_VRING_ENABLE");
    }

    /// <summary>The domain's memory has changed: the requests that come of it, up to the last one.</summary>
    /// <param name="last">The last one; it is made sure that no other comes.</param>
    internal List<string> Renew(string last)
    {
        _controller.RenewMemory();
        List<string> requests = RequestsUntil(last);

        // The device's thread does one thing after the other, so that whatever it had to send comes before this.
        _device.TryWrite(0, MmioRegister.Config + WritebackOffset, 1, _writeback ^= 1);
        requests.AddRange(RequestsUntil("SET_CONFIG")[..^1]);
        return requests;
    }

    /// <summary>The guest is to have all of its memory again: what is said, up to a line.</summary>
    internal List<string> MakeWhole(string last)
    {
        _controller.GuestIsToBeWhole();
        _controller.RenewMemory();
        return RequestsUntil(last);
    }

    /// <summary>The domain's memory has changed, and the back-end is told nothing.</summary>
    internal void AssertKeepsItsTable()
    {
        _controller.RenewMemory();
        _device.TryWrite(0, MmioRegister.Config + WritebackOffset, 1, _writeback ^= 1);
        Assert.Equal(["SET_CONFIG", "GET_CONFIG"], RequestsUntil("GET_CONFIG"));
    }

    /// <summary>The domain's memory has changed: a look has begun that does not end by itself.</summary>
    internal void RenewEndlessly(int fromLook)
    {
        Domain.EndlessFrom = fromLook;
        _controller.RenewMemory();
    }

    /// <summary>Begins to look for a back-end.</summary>
    internal void Connect() => _controller.Start();

    /// <summary>Waits until somebody is in a look that does not end.</summary>
    internal void WaitForEndlessLook() => Assert.True(SpinWait.SpinUntil(() => Domain.IsLooking, Limit), "nobody looks");

    /// <summary>A write to the configuration space, which is held, is answered.</summary>
    internal void AssertWriteIsAnswered()
    {
        int before = Volatile.Read(ref _answered);
        Assert.False(_device.TryWrite(0, MmioRegister.Config + WritebackOffset, 1, _writeback ^= 1));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _answered) > before, Limit), "the write is held for ever");
    }

    /// <summary>The device is let go of; its thread has ended by itself.</summary>
    internal void AssertEnds()
    {
        _controller.Dispose();
        Assert.True(_controller.HasEnded);
    }

    internal IEnumerable<string> LogLines => _log.Entries.All.Select(entry => entry.Message);

    /// <summary>The requests up to one of them.</summary>
    internal List<string> Until(string last) => RequestsUntil(last);

    internal void WaitForLog(params string[] parts) => _log.WaitFor(0, parts);

    /// <summary>Asks the disk for its name, with the buffers at an offset in RAM, and waits for the answer.</summary>
    internal void AssertServes(int offset)
    {
        ushort before = _ring.UsedIndex;
        Guest.Ram.WriteU32(offset + RequestAt, 8);
        ulong at = TestGuest.Base + (ulong)(offset + RequestAt);
        _ring.Submit((at, 16, false), (at + 0x100, 20, true), (at + 0x200, 1, true));
        _device.Kick(0);
        while (_ring.UsedIndex == before) _interrupt.Await();
        Assert.Equal("xendmhost-stand-in", System.Text.Encoding.ASCII.GetString(Guest.Ram.Slice(offset + RequestAt + 0x100, 18)));
    }

    void IDeviceEvents.Connected(int deviceId)
    {
        // The log says it too.
    }

    void IAnswer.Complete(int vcpu, ulong? value)
    {
        // The driver does not wait for its writes; a test may.
        Interlocked.Increment(ref _answered);
    }

    public void Dispose()
    {
        _controller.Dispose();
        _device.Dispose();
        _relay.Dispose();
        _launcher.Dispose();
        _process.Dispose();
        _ring.Dispose();
        Domain.Dispose();
        Guest.Dispose();
    }

    private List<string> RequestsUntil(string last)
    {
        List<string> requests = [];
        do
        {
            string line = _process.NextError();
            Assert.StartsWith(Said, line, StringComparison.Ordinal);
            requests.Add(line[Said.Length..]);
        }
        while (requests[^1] != last);
        return requests;
    }

    private DevicePlan Plan()
    {
        string file = Path.Combine(_process.Folder, "guest.json");
        File.WriteAllText(file, $$"""
            { "guest": "work", "platform": "simulated", "simulation": "nowhere", "devices": [
              { "plugin": "generic", "id": 0, "options": { "profile": "blk" }, "backEnd": { "socket": "{{_process.Socket}}" } } ] }
            """);
        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) =
            new GuestPlanner(new PluginRegistry(PluginFolders.Default(), new Logger<PluginRegistry>(_log)), _log).Plan(file);
        Assert.True(plan is not null, string.Join('\n', errors));
        return plan.Devices[0].For(1);
    }

    private void Write(uint register, uint value) => Assert.True(_device.TryWrite(0, register, 4, value));
}
