using System.Buffers.Binary;
using System.Text;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.IntegrationTests.VhostUser;

/// <summary>The front-end against a real daemon that knows nothing of it. Its offers are those of Debian 12's version 7.2.</summary>
public sealed class StorageDaemonTests : IDisposable
{
    private const int Sectors = 128;
    private const int SectorSize = 512;
    private const int ConfigSize = 60;

    private readonly StorageDaemon _daemon = new(Image());
    private readonly GuestDisk _guest = new();

    public void Dispose()
    {
        _daemon.Dispose();
        _guest.Dispose();
    }

    [Fact]
    public void It_offers_what_it_is_known_to_offer()
    {
        using VhostUserFrontEnd frontEnd = Connect(out BackEndOffer offer);
        Assert.Equal(0x175007e46UL, offer.Features);
        Assert.Equal(0x8f2bUL, offer.OfferedProtocolFeatures.Bits);
        Assert.Equal("MQ REPLY_ACK CONFIG CONFIGURE_MEM_SLOTS", offer.ProtocolFeatures.ToString());
        Assert.Equal(1, offer.MaxQueues);
        Assert.Equal(32, offer.MaxMemorySlots);
        Assert.Equal(ConfigSize, offer.Config!.Length);
        Assert.Equal((ulong)Sectors, BinaryPrimitives.ReadUInt64LittleEndian(offer.Config));
    }

    [Fact]
    public void A_config_space_that_is_larger_than_its_own_is_refused_and_the_connection_stays()
    {
        using VhostUserFrontEnd frontEnd = Connect(out _);
        VhostUserResult result = frontEnd.GetConfig(new byte[64]);
        Assert.Equal(VhostUserFailure.Refused, result.Failure);
        Ok(frontEnd.GetConfig(new byte[ConfigSize]));
    }

    [Fact]
    public void More_queues_than_it_serves_are_refused()
    {
        using VhostUserFrontEnd frontEnd = new(_daemon.Connect());
        VhostUserResult result = frontEnd.Negotiate(new() { QueueCount = 2 }, out _);
        Assert.StartsWith("GET_QUEUE_NUM = 1: the back-end serves 1 queues and the device has 2", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_cannot_serve_a_xen_guest()
    {
        using VhostUserFrontEnd frontEnd = new(_daemon.Connect());
        VhostUserResult result = frontEnd.Negotiate(new() { QueueCount = 1, OfferXenMmap = true, RequireXenMmap = true }, out _);
        Assert.Contains("does not offer XEN_MMAP", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_carries_reads_and_writes_until_it_is_stopped()
    {
        using VhostUserFrontEnd frontEnd = Connect(out _);
        Start(frontEnd, 0);
        Assert.StartsWith("sector 5\n", Encoding.ASCII.GetString(_guest.Read(5)), StringComparison.Ordinal);
        byte[] written = Enumerable.Range(0, SectorSize).Select(i => (byte)i).ToArray();
        _guest.Write(7, written);
        Assert.Equal(written, _guest.Read(7));
        Assert.Equal(1, _guest.Do(type: 0, sector: Sectors));
        Ok(frontEnd.StopRing(0, out uint vringBase));
        Assert.Equal(4u, vringBase);
        Assert.Equal(written, File.ReadAllBytes(_daemon.ImagePath).AsSpan(7 * SectorSize, SectorSize).ToArray());
    }

    [Fact]
    public void A_stopped_ring_starts_again_where_it_was()
    {
        using VhostUserFrontEnd frontEnd = Connect(out _);
        Start(frontEnd, 0);
        _guest.Read(1);
        Ok(frontEnd.StopRing(0, out uint vringBase));
        Start(frontEnd, vringBase);
        Assert.StartsWith("sector 9\n", Encoding.ASCII.GetString(_guest.Read(9)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_can_be_added_and_removed()
    {
        using FileDescriptor more = Memfd.CreateSealed("more", 4096);
        using VhostUserFrontEnd frontEnd = Connect(out _);
        MemoryRegion region = new() { GuestAddress = 0x8000_0000, UserAddress = 0x8000_0000, Size = 4096, Descriptor = more };
        Ok(frontEnd.SetMemTable([_guest.Region]));
        Ok(frontEnd.AddMemoryRegion(region));
        Ok(frontEnd.RemoveMemoryRegion(region));
    }

    [Fact]
    public void It_serves_fifty_connections_one_after_the_other()
    {
        for (int round = 0; round < 50; round++)
        {
            using VhostUserFrontEnd frontEnd = Connect(out _);
            Start(frontEnd, _guest.UsedIndex);
            Assert.StartsWith($"sector {round}\n", Encoding.ASCII.GetString(_guest.Read((ulong)round)), StringComparison.Ordinal);
            Ok(frontEnd.StopRing(0, out uint vringBase));
            Assert.Equal((uint)round + 1, vringBase);
        }
    }

    [Fact]
    public void A_second_client_is_not_answered_while_the_first_is_there()
    {
        using VhostUserFrontEnd first = Connect(out _);
        using VhostUserFrontEnd second = new(_daemon.Connect(), limits: new VhostUserLimits { AnswerMs = 200 });
        VhostUserResult result = second.Negotiate(new() { QueueCount = 1 }, out _);
        Assert.Equal(VhostUserFailure.TimedOut, result.Failure);
        Assert.True(result.IsFirstMessage);
        Assert.Contains("another client", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_dies_is_seen_while_idle()
    {
        using VhostUserFrontEnd frontEnd = Connect(out _);
        Assert.True(frontEnd.CheckIdle().IsOk);
        _daemon.Kill();
        Span<int> ready = stackalloc int[1];
        Assert.True(Poller.Wait([frontEnd.Descriptor], [Libc.PollIn], 30_000, ready) > 0);
        Assert.Equal(VhostUserFailure.Closed, frontEnd.CheckIdle().Failure);
    }

    private VhostUserFrontEnd Connect(out BackEndOffer offer)
    {
        VhostUserFrontEnd frontEnd = new(_daemon.Connect(), limits: new VhostUserLimits { AnswerMs = 30_000 });
        Ok(frontEnd.Negotiate(new() { QueueCount = 1, ConfigSize = ConfigSize, NeedsConfig = true }, out offer));
        return frontEnd;
    }

    private void Start(VhostUserFrontEnd frontEnd, uint vringBase)
    {
        Ok(frontEnd.SetFeatures(1UL << 32));
        Ok(frontEnd.SetMemTable([_guest.Region]));
        Ok(frontEnd.StartRing(_guest.Ring(vringBase)));
        Ok(frontEnd.EnableRing(0, true));
        Assert.Equal(0, _guest.Kick.TrySignal());
    }

    private static void Ok(VhostUserResult result) => Assert.Equal("ok", result.ToString());

    /// <summary>Each sector begins with its number.</summary>
    private static byte[] Image()
    {
        byte[] image = new byte[Sectors * SectorSize];
        for (int sector = 0; sector < Sectors; sector++)
        {
            Encoding.ASCII.GetBytes($"sector {sector}\n").CopyTo(image.AsSpan(sector * SectorSize));
        }

        return image;
    }
}
