using System.Security.Cryptography;
using XenDmHost.Simulation.Guest.Workloads;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Guest;

/// <summary>The whole simulation in one process: the guest's drivers against devices inside a tiny host.</summary>
public sealed class GuestDriveTests
{
    private const ulong First = TestPlatform.FirstWindow;
    private const ulong Indirect = 1UL << 28;
    private const ulong EventIndex = 1UL << 29;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, Indirect | EventIndex)]
    [InlineData(1, 3, EventIndex)]
    [InlineData(2, 1, Indirect)]
    public void A_disk_is_written_read_back_and_flushed(int banks, int queues, ulong ringFeatures)
    {
        using var platform = new TestPlatform(banks: banks);
        var blk = new FakeBlk(First, 1000, queues, ringFeatures);
        using var host = platform.Attach(blk.Device);

        var outcome = Drive(platform).Single();

        Assert.Null(outcome.Error);
        Assert.Equal("fake-disk", (string?)outcome.Facts!["serial"]);
        Assert.Equal(1000 * 512, (int)outcome.Facts["bytesWritten"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(blk.Disk)), (string?)outcome.Facts["writtenSha256"]);
        Assert.Equal(1, blk.Flushes);
        Assert.Equal(ringFeatures, blk.Device.DriverFeatures & (Indirect | EventIndex));
        Assert.Equal((ringFeatures & Indirect) != 0, (int)outcome.Facts["indirectRequests"]! > 0);
        Assert.Equal(2, blk.Device.Resets); // before and after
    }

    [Fact]
    public void A_disk_that_returns_other_bytes_is_noticed()
    {
        using var platform = new TestPlatform();
        var blk = new FakeBlk(First, 1000, 1, EventIndex) { Corrupt = true };
        using var host = platform.Attach(blk.Device);

        Assert.Contains("differs", Drive(platform).Single().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Indirect | EventIndex)]
    public void A_second_of_sound_is_played_as_it_was_reported(ulong ringFeatures)
    {
        using var platform = new TestPlatform(banks: 2);
        var snd = new FakeSnd(First, ringFeatures);
        using var host = platform.Attach(snd.Device);

        var outcome = Drive(platform).Single();

        Assert.Null(outcome.Error);
        Assert.Equal(192_000, snd.Recorded.Count);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. snd.Recorded])), (string?)outcome.Facts!["playedSha256"]);
        Assert.Equal([0x1u, 0x100u, 0x200u, 0x101u, 0x102u, 0x104u, 0x105u, 0x103u], snd.Codes);
    }

    [Fact]
    public void Several_devices_are_driven_at_once()
    {
        using var platform = new TestPlatform(devices: 2);
        var (blk, snd) = (new FakeBlk(First, 1000, 2, EventIndex), new FakeSnd(First + 0x200, EventIndex));
        using var host = platform.Attach(blk.Device, snd.Device);

        Assert.All(Drive(platform), outcome => Assert.Null(outcome.Error));
    }

    [Fact]
    public void A_device_id_of_0_is_reported_as_absent()
    {
        using var platform = new TestPlatform();
        using var host = platform.Attach(new FakeMmioDevice(0, First, 0, 0, []));

        Assert.Contains("DeviceID is 0", Drive(platform).Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_type_without_a_driver_is_named()
    {
        using var platform = new TestPlatform();
        using var host = platform.Attach(new FakeMmioDevice(63, First, 1UL << 32, 1, []));

        var outcome = Drive(platform).Single();

        Assert.Equal("no driver for virtio device id 63", outcome.Error);
        Assert.Equal(63u, outcome.DeviceId);
    }

    [Fact]
    public void A_device_that_does_not_keep_FEATURES_OK_is_given_up()
    {
        using var platform = new TestPlatform();
        using var host = platform.Attach(new FakeMmioDevice(2, First, 1UL << 32, 1, new byte[60]) { RefuseFeatures = true });

        Assert.Contains("refused the features", Drive(platform).Single().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    public void A_queue_size_that_is_no_power_of_two_is_refused(uint size)
    {
        using var platform = new TestPlatform();
        byte[] config = new byte[60];
        config[0] = 8;
        using var host = platform.Attach(new FakeMmioDevice(2, First, 1UL << 32, 1, config) { QueueSizeMax = size });

        Assert.Contains($"QueueSizeMax of queue 0 is {size}", Drive(platform).Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_guest_drives_a_device_again_that_asks_for_a_reset()
    {
        using var platform = new TestPlatform();
        var blk = new FakeBlk(First, 1000, 1, EventIndex);
        using var host = platform.Attach(blk.Device);
        using var stop = new CancellationTokenSource();
        using var reported = new SemaphoreSlim(0);
        List<DeviceOutcome> outcomes = [];
        var workload = new DriveWorkload(platform.Platform.Machine, platform.Options.DriverOptions, outcome => Add(outcomes, outcome, reported), stop.Token);

        var running = Task.Run(() => workload.Run(platform.Platform.Devices, wait: true));
        Assert.True(await reported.WaitAsync(TimeSpan.FromSeconds(60)));
        blk.Device.SetNeedsReset();
        Assert.True(await reported.WaitAsync(TimeSpan.FromSeconds(60)), "the device was not driven again");
        await stop.CancelAsync();

        Assert.True(await running.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal([(1, null), (2, null)], outcomes.Select(outcome => (outcome.Run, outcome.Error)));
        Assert.NotEqual((string?)outcomes[0].Facts!["writtenSha256"], (string?)outcomes[1].Facts!["writtenSha256"]);
    }

    [Fact]
    public async Task Requests_in_flight_end_when_the_device_asks_for_a_reset()
    {
        using var platform = new TestPlatform();
        var blk = new FakeBlk(First, 1000, 1, EventIndex) { Silent = true };
        using var host = platform.Attach(blk.Device);

        var running = Task.Run(() => Drive(platform).Single());
        Assert.True(await blk.Kept.WaitAsync(TimeSpan.FromSeconds(60)));
        blk.Device.SetNeedsReset();

        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("DEVICE_NEEDS_RESET", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_accesses_are_all_answered()
    {
        using var platform = new TestPlatform(devices: 2);
        var (blk, snd) = (new FakeBlk(First, 1000, 2, EventIndex), new FakeSnd(First + 0x200, EventIndex));
        foreach (var device in new[] { blk.Device, snd.Device })
        {
            Array.Fill(device.Handlers, (_, _) => null);
        }

        using var host = platform.Attach(blk.Device, snd.Device);
        var counts = new RandomWorkload(platform.Platform.Machine, platform.Platform.Devices, 5_000, seed: 3).Run();

        Assert.True(platform.Platform.Machine.Vcpus.Sum(cpu => cpu.Answered) >= 5_000);
        Assert.All(Enum.GetNames<RandomKind>(), kind => Assert.True((long)counts[kind]! > 0, kind));
    }

    private static List<DeviceOutcome> Drive(TestPlatform platform)
    {
        List<DeviceOutcome> outcomes = [];
        var workload = new DriveWorkload(
            platform.Platform.Machine, platform.Options.DriverOptions, outcome => Add(outcomes, outcome, null), CancellationToken.None);
        workload.Run(platform.Platform.Devices, wait: false);
        return outcomes;
    }

    private static void Add(List<DeviceOutcome> outcomes, DeviceOutcome outcome, SemaphoreSlim? reported)
    {
        lock (outcomes)
        {
            outcomes.Add(outcome);
        }

        reported?.Release();
    }
}
