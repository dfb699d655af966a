using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Devices whose back-ends have a world outside the guest: input, vsock, net; and i2c. In both forms of a back-end.</summary>
public sealed class OutsideWorldTests : IDisposable
{
    /// <summary>Key A down, synchronisation, key A up, synchronisation: type, code, value.</summary>
    private static readonly (ushort Type, ushort Code, int Value)[] Typed = [(1, 30, 1), (0, 0, 0), (1, 30, 0), (0, 0, 0)];

    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_lights_streams_frames_and_messages_arrive(bool xen)
    {
        string[] form = xen ? ["--xen"] : [];
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Served("input", 0, GuestFiles.StandIn("input", ["--events", "{dir}/keys", "--record", "{dir}/lights", .. form])),
            GuestFiles.Served("vsock", 1, GuestFiles.StandIn("vsock", ["--guest-cid", "42", "--uds-path", "{dir}/port", .. form])),
            GuestFiles.Served("net", 2, GuestFiles.StandIn("net", form)),
            GuestFiles.Served("i2c", 3, GuestFiles.StandIn("i2c", form)),
        ]));
        using EchoService echo = new(_trial.PathOf("port_5000"));
        Simulation guest = new(_trial, ["--input-events", $"{Typed.Length}", "--vsock-port", "5000"], devices: 4);
        ProgramProcess host = _trial.Run(file);
        TypeOn(host, "keys");
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(host);

        JsonObject input = guest.Facts(0), vsock = guest.Facts(1), net = guest.Facts(2), i2c = guest.Facts(3);
        Assert.Equal(["1:30:1", "0:0:0", "1:30:0", "0:0:0"], input["events"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal((88, 3), (input["keys"]!.GetValue<int>(), input["lights"]!.GetValue<int>()));
        Assert.Equal("1100000001000000" + "1100010001000000" + "1100020001000000", Convert.ToHexStringLower(File.ReadAllBytes(_trial.PathOf("lights"))));
        Assert.Equal(42, vsock["cid"]!.GetValue<int>());
        Assert.Equal(vsock["sentSha256"]!.GetValue<string>(), echo.Sha256);
        Assert.Equal(("192.0.2.2", false), (net["gateway"]!.GetValue<string>(), net["macGiven"]!.GetValue<bool>()));
        Assert.Equal("""["0x50"]""", i2c["addresses"]!.ToJsonString());
        Assert.Equal(4, log.Count(line => line.Contains(xen ? "40-byte regions" : "32-byte regions", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_network_card_has_the_address_the_link_and_the_mtu_of_the_guest_file()
    {
        string given = GuestFiles.Served("net", 0, GuestFiles.StandIn("net")).Replace(
            "\"profile\": \"net\"", """ "profile": "net", "fields": { "mac": "52:54:00:12:34:56", "mtu": 9000, "status": 1 } """, StringComparison.Ordinal);
        string down = GuestFiles.Served("net", 1, GuestFiles.StandIn("net")).Replace(
            "\"profile\": \"net\"", """ "profile": "net", "fields": { "status": 0 } """, StringComparison.Ordinal);
        string file = _trial.Write("guest.json", GuestFiles.Of([given, down]));

        Simulation guest = new(_trial, devices: 2);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);

        JsonObject up = guest.Facts(0);
        Assert.Equal(("52:54:00:12:34:56", 9000, true), (up["mac"]!.GetValue<string>(), up["mtu"]!.GetValue<int>(), up["linkUp"]!.GetValue<bool>()));
        Assert.False(guest.Facts(1)["linkUp"]!.GetValue<bool>());

        // The control queue (bit 17) and what needs it are not there.
        Assert.Equal(0UL, Convert.ToUInt64(up["offeredFeatures"]!.GetValue<string>(), 16) & (1UL << 17));
    }

    [Theory]
    [InlineData(9000, null)]
    [InlineData(9001, "NET_SET_MTU = 9001")]
    public void A_daemon_that_asks_for_it_is_told_the_mtu_and_may_refuse_it(int mtu, string? refusal)
    {
        string[] launch = GuestFiles.StandIn("net", "--protocol-features", "18");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served("net", 0, launch).Replace(
            "\"profile\": \"net\"", $$""" "profile": "net", "fields": { "mtu": {{mtu}} } """, StringComparison.Ordinal)]));
        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        if (refusal is null)
        {
            guest.Finish();
            host.Errors.Expect($"the MTU is {mtu}");
        }
        else
        {
            host.Errors.Expect(refusal, "takes another MTU");
            Assert.Equal(1, guest.Process.WaitForExit());
        }

        Trial.End(host);
    }

    [Fact]
    public void A_port_on_which_nobody_listens_is_an_error_of_the_guests_driver_and_no_other()
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served("vsock", 0, GuestFiles.StandIn("vsock", "--uds-path", "{dir}/port"))]));
        Simulation guest = new(_trial, ["--vsock-port", "6000"]);
        ProgramProcess host = _trial.Run(file);
        Assert.Equal(1, guest.Process.WaitForExit());
        Trial.End(host);
        Assert.Equal("nobody listens on port 6000 of the host", guest.Report()["error"]!.GetValue<string>());
    }

    /// <summary>Writes struct input_event, 24 bytes each, into the stand-in's pipe once that is there.</summary>
    private void TypeOn(ProgramProcess host, string pipe)
    {
        host.Errors.Expect("connected to", "input0.sock");
        using FileStream keys = new(_trial.PathOf(pipe), FileMode.Open, FileAccess.Write);
        foreach ((ushort type, ushort code, int value) in Typed)
        {
            keys.Write([.. new byte[16], .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(code), .. BitConverter.GetBytes(value)]);
        }
    }
}
