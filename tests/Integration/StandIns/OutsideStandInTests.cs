using System.Text;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The stand-ins for input, vsock, net and i2c: the numbers of the real daemons, what they do and what they refuse.</summary>
public sealed class OutsideStandInTests
{
    private const ulong Undefined = 1UL << 40;

    public static TheoryData<string, bool, ulong, ulong, uint, uint> Daemons
    {
        get
        {
            TheoryData<string, bool, ulong, ulong, uint, uint> rows = [];
            foreach (bool xen in new[] { false, true })
            {
                rows.Add("input", xen, 0x170000000, 0x209, 2, 136);
                rows.Add("vsock --uds-path {dir}/port", xen, 0x161000000, 0x209, 3, 8);
                rows.Add("net", xen, 0x140008000, 0x8, 2, 0);
                rows.Add("i2c", xen, 0x171000001, 0x9, 1, 0);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void A_stand_in_offers_what_its_daemon_offers_and_refuses_more(
        string command, bool xen, ulong features, ulong protocolFeatures, uint queues, uint config)
    {
        string[] arguments = xen ? [.. command.Split(' '), "--xen"] : command.Split(' ');
        using BackEndProcess process = BackEndProcess.StartStandIn(arguments);
        using (WireClient client = new(process.Socket))
        {
            Assert.Equal(features, client.Ask(Wire.GetFeatures).Value);
            Assert.Equal(protocolFeatures | (xen ? Wire.XenMmap : 0), client.Ask(Wire.GetProtocolFeatures).Value);
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen, features))
        {
            for (uint queue = 0; queue < queues; queue++) client.Acknowledged(Wire.SetVringNum, Wire.State(queue, 1024));
            client.RefusedWithNack(Wire.SetVringNum, Wire.State(queues, 1024));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            client.RefusedWithNack(Wire.SetVringNum, Wire.State(0, 2048));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            client.RefusedWithNack(Wire.SetFeatures, Wire.U64(features | Undefined));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            if (config == 0) client.RefusedByTheEnd(Wire.GetConfig, Wire.Config(0, 4));
            else Assert.Equal(12 + (int)config, client.Ask(Wire.GetConfig, Wire.Config(0, config)).Payload.Length);
        }
    }

    [Fact]
    public void The_net_stand_in_does_not_count_its_queues_for_it_has_no_MQ()
    {
        using BackEndProcess process = BackEndProcess.StartStandIn("net");
        using WireClient client = new WireClient(process.Socket).Negotiate(xen: false);
        client.RefusedByTheEnd(Wire.GetQueueNum, []);
    }

    [Fact]
    public void What_the_input_config_shows_follows_select_and_subsel_whatever_else_is_written()
    {
        using BackEndProcess process = BackEndProcess.StartStandIn("input");
        using WireClient client = new WireClient(process.Socket).Negotiate(xen: false);

        byte[] whole = new byte[136];
        whole.AsSpan().Fill(0x77);
        (whole[0], whole[1]) = (1, 0);
        Assert.Equal("xendmhost stand-in keyboard", Text(Select(client, 0, whole)));
        Assert.Equal("stand-in-1", Text(Select(client, 0, [2])));
        byte[] keys = Select(client, 0, [0x11, 1]);
        Assert.Equal([12, 0, 0, 0, 0, 0, 0xfe, 0xff], keys[2..10]);
        Assert.Equal(1, Select(client, 1, [0x11])[2]);
        Assert.Equal(7, Select(client, 1, [0x11])[8]);
        Assert.Equal(0, Select(client, 0, [0x12, 0])[2]);
    }

    [Fact]
    public void A_read_only_config_is_refused_by_vsock()
    {
        using BackEndProcess process = BackEndProcess.StartStandIn("vsock", "--uds-path", "{dir}/port");
        using WireClient client = new WireClient(process.Socket).Negotiate(xen: false);
        client.RefusedWithNack(Wire.SetConfig, Wire.Config(0, 4, 1, 2, 3, 4));
    }

    [Theory]
    [InlineData("i2c", 0)]
    [InlineData("net", 0)]
    [InlineData("input", 0)]
    public void A_buffer_without_room_breaks_its_ring(string kind, int queue)
    {
        using StandInScene scene = new(xen: false, queues: 1, kind);
        scene.BreaksItsRing(queue, (TestGuest.Base + 0x10000, 4, kind != "i2c"));
    }

    [Fact]
    public void An_i2c_message_to_nobody_is_an_error_and_an_empty_one_asks_who_is_there()
    {
        using StandInScene scene = new(xen: true, queues: 1, "i2c");
        Assert.Equal([1], scene.Ask(0, [0x51 << 1, 0, 0, 0, 0, 0, 0, 0], 1));
        Assert.Equal([0], scene.Ask(0, [0x50 << 1, 0, 0, 0, 0, 0, 0, 0], 1));
        Assert.Equal([0], scene.Ask(0, [0x50 << 1, 0, 0, 0, 0, 0, 0, 0, 7, 0xaa, 0xbb], 1));
        Assert.Equal([0], scene.Ask(0, [0x50 << 1, 0, 0, 0, 0, 0, 0, 0, 7], 1));
        Assert.Equal([0xaa, 0xbb, 0], scene.Ask(0, [0x50 << 1, 0, 0, 0, 2, 0, 0, 0], 3));
    }

    [Fact]
    public void A_ring_that_stops_goes_on_from_the_first_buffer_that_it_did_not_use()
    {
        using StandInScene scene = new(xen: false, queues: 1, "input");
        scene.Ring(0).SubmitUntilTaken(() => scene.Ring(0).Submit((TestGuest.Base + 0x10000, 8, true)));
        Assert.Equal(Wire.State(0, 0), scene.Client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
    }

    private static byte[] Select(WireClient client, uint offset, byte[] bytes)
    {
        client.Acknowledged(Wire.SetConfig, Wire.Config(offset, (uint)bytes.Length, bytes));
        return client.Ask(Wire.GetConfig, Wire.Config(0, 136)).Payload[12..];
    }

    private static string Text(byte[] config) => Encoding.ASCII.GetString(config, 8, config[2]);
}
