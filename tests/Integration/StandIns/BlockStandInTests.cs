namespace XenDmHost.IntegrationTests.StandIns;

public sealed class BlockStandInTests : IDisposable
{
    private const ulong Header = TestGuest.Base + 0x10000, Data = TestGuest.Base + 0x11000, Status = TestGuest.Base + 0x20000;
    private const ulong EventIdx = 1UL << 29;
    private const uint In = 0, Out = 1, Flush = 4, GetId = 8;

    private readonly BackEndProcess _process = BackEndProcess.StartStandIn(
        "blk", "--image", "{dir}/disk", "--size", "65536", "--max-queue-size", "64");

    private readonly TestGuest _guest = new(xen: false);
    private readonly TestRing _ring;

    public BlockStandInTests() => _ring = new(_guest, 0, TestGuest.Base);

    public void Dispose()
    {
        _process.Dispose();
        _ring.Dispose();
        _guest.Dispose();
    }

    private WireClient Start(ulong features = Wire.Bit30 | Wire.Version1)
    {
        WireClient client = new WireClient(_process.Socket).Negotiate(xen: false, features);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(_guest.Region()), _guest.Fd);
        _ring.BringUp(client);
        return client;
    }

    private void WriteHeader(uint type, ulong sector)
    {
        _guest.Ram.WriteU32(0x10000, type);
        _guest.Ram.WriteU64(0x10008, sector);
        _guest.Ram.WriteU8(0x20000, 0xff);
    }

    /// <summary>One request; gives its status and the bytes written as the ring says.</summary>
    private (byte Status, uint Written) Request(uint type, ulong sector, int length, bool deviceWrites)
    {
        WriteHeader(type, sector);
        if (length == 0) _ring.Submit((Header, 16, false), (Status, 1, true));
        else _ring.Submit((Header, 16, false), (Data, length, deviceWrites), (Status, 1, true));
        uint written = _ring.Completed().Written;
        return (_guest.Ram.ReadU8(0x20000), written);
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    [Fact]
    public void What_is_written_is_read_back_and_found_in_the_image()
    {
        using WireClient client = Start();
        byte[] data = Pattern(1024);
        data.CopyTo(_guest.Ram.Slice(0x11000, data.Length));

        Assert.Equal((0, 1u), Request(Out, 3, 1024, deviceWrites: false));
        Assert.Equal((0, 1u), Request(Flush, 0, 0, deviceWrites: false));
        _guest.Ram.Slice(0x11000, 1024).Clear();
        Assert.Equal((0, 1025u), Request(In, 3, 1024, deviceWrites: true));

        Assert.Equal(data, _guest.Ram.Slice(0x11000, 1024).ToArray());
        byte[] image = File.ReadAllBytes(Path.Combine(_process.Folder, "disk"));
        Assert.Equal(data, image[(3 * 512)..((3 * 512) + 1024)]);
    }

    [Theory]
    [InlineData(127, 1024)]
    [InlineData(128, 512)]
    [InlineData(ulong.MaxValue, 512)]
    [InlineData(0, 100)]
    public void A_read_that_is_not_wholly_on_the_disk_is_an_error(ulong sector, int length)
    {
        using WireClient client = Start();
        Assert.Equal((1, 1u), Request(In, sector, length, deviceWrites: true));
        Assert.Equal((1, 1u), Request(Out, sector, length, deviceWrites: false));
    }

    [Fact]
    public void The_serial_number_is_told_and_an_unknown_request_is_unsupported()
    {
        using WireClient client = Start();
        Assert.Equal((0, 21u), Request(GetId, 0, 20, deviceWrites: true));
        Assert.StartsWith("xendmhost", System.Text.Encoding.ASCII.GetString(_guest.Ram.Slice(0x11000, 20)), StringComparison.Ordinal);
        Assert.Equal((2, 1u), Request(99, 0, 512, deviceWrites: true));
    }

    [Fact]
    public void An_indirect_request_does_the_same_work()
    {
        using WireClient client = Start(Wire.Bit30 | Wire.Version1 | (1UL << 28));
        byte[] data = Pattern(512);
        data.CopyTo(_guest.Ram.Slice(0x11000, data.Length));
        WriteHeader(Out, 5);
        _ring.SubmitIndirect(TestGuest.Base + 0x3000, (Header, 16, false), (Data, 512, false), (Status, 1, true));
        Assert.Equal(1u, _ring.Completed().Written);
        Assert.Equal(data, File.ReadAllBytes(Path.Combine(_process.Folder, "disk"))[2560..3072]);
    }

    [Fact]
    public void With_event_indices_the_driver_is_called_only_for_the_entry_it_waits_for()
    {
        using WireClient client = Start(Wire.Bit30 | Wire.Version1 | EventIdx);
        Request(Flush, 0, 0, deviceWrites: false);
        _ring.SetUsedEvent(2);

        WriteHeader(Flush, 0);
        _ring.Submit((Header, 16, false), (Status, 1, true));
        _ring.Submit((Header, 16, false), (Status, 1, true));

        // The answer comes behind both requests, so that the counter is final.
        Assert.Equal(Wire.State(0, 3), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
        Assert.Equal(3, _ring.UsedIndex);
        Assert.True(_ring.Call.TryRead(out ulong calls));
        Assert.Equal(1UL, calls);
    }

    [Fact]
    public void The_config_has_60_bytes_and_its_cache_mode_can_be_written()
    {
        using WireClient client = Start();
        byte[] config = client.Ask(Wire.GetConfig, Wire.Config(0, 60)).Payload[12..];
        Assert.Equal(128UL, BitConverter.ToUInt64(config, 0));
        Assert.Equal(62u, BitConverter.ToUInt32(config, 12));
        Assert.Equal(512u, BitConverter.ToUInt32(config, 20));
        Assert.Equal(1, config[32]);

        client.Acknowledged(Wire.SetConfig, Wire.Config(32, 1, 0));
        Assert.Equal(0, client.Ask(Wire.GetConfig, Wire.Config(32, 1)).Payload[12]);
        Assert.Equal(12, client.Ask(Wire.GetConfig, Wire.Config(0, 61)).Payload.Length);
        client.RefusedWithNack(Wire.SetConfig, Wire.Config(0, 8));
    }

    /// <summary>Descriptor flags: 1 next, 2 write, 4 indirect.</summary>
    [Theory]
    [InlineData(TestGuest.Base + TestGuest.Size, 16, 0, 0, "outside the memory")]
    [InlineData(TestGuest.Base + TestGuest.Size - 8, 16, 0, 0, "outside the memory")]
    [InlineData(ulong.MaxValue - 4, 16, 0, 0, "outside the memory")]
    [InlineData(Header, 16, 1, 8, "descriptor 8 of a table of 8")]
    [InlineData(Header, 16, 1, 0, "a chain that does not end")]
    [InlineData(Header, 16, 5, 1, "an indirect descriptor with a next one")]
    [InlineData(Header, 24, 4, 0, "an indirect table of 24 bytes")]
    [InlineData(Header, 0, 4, 0, "an indirect table of 0 bytes")]
    [InlineData(TestGuest.Base, 16, 4, 0, "an indirect table inside another")]
    [InlineData(Header, 4, 0, 0, "a header of 4 bytes")]
    [InlineData(Header, 16, 0, 0, "without room for its status")]
    public void A_bad_chain_breaks_the_ring_and_is_told_through_the_error_descriptor(
        ulong address, int length, int flags, ushort next, string reason)
    {
        using WireClient client = Start();
        _ring.SubmitRaw(address, length, flags, next);

        Assert.True(_ring.Err.Wait(BackEndProcess.Limit));
        Assert.Contains(reason, _process.NextError(), StringComparison.Ordinal);
        Assert.Equal(0, _ring.UsedIndex);
        client.Ask(Wire.GetFeatures);
    }

    [Fact]
    public void An_available_index_too_far_ahead_breaks_the_ring()
    {
        using WireClient client = Start();
        _guest.Ram.WriteReleaseU16(0x402, 9);
        _ring.Kick.Signal();
        Assert.True(_ring.Err.Wait(BackEndProcess.Limit));
        Assert.Contains("9 ahead", _process.NextError(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_client_is_served_like_the_first()
    {
        using (Start()) Request(Flush, 0, 0, deviceWrites: false);
        using TestGuest guest = new(xen: false);
        using TestRing ring = new(guest, 0, TestGuest.Base);
        using WireClient second = new WireClient(_process.Socket).Negotiate(xen: false);
        second.Acknowledged(Wire.SetMemTable, Wire.Table(guest.Region()), guest.Fd);
        ring.BringUp(second);
        ring.Submit((Header, 16, false), (Status, 1, true));
        ring.Completed();
    }

    [Fact]
    public void At_sigterm_the_socket_is_removed_and_the_exit_code_is_0()
    {
        _process.Terminate();
        Assert.True(_process.WaitForExit());
        Assert.Equal(0, _process.ExitCode);
        Assert.False(File.Exists(_process.Socket));
    }
}
