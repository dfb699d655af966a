namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>
/// The numbers that were measured of the vhost-device daemons, row by row: what the stand-in for each offers, and that it
/// refuses what lies beyond.
/// </summary>
public sealed class DaemonNumbersTests
{
    private const ulong Undefined = 1UL << 40;

    /// <summary>Kind, GET_FEATURES, GET_PROTOCOL_FEATURES, queues, most descriptors, bytes of config.</summary>
    public static TheoryData<bool, string, ulong, ulong, uint, uint, uint> Daemons
    {
        get
        {
            TheoryData<bool, string, ulong, ulong, uint, uint, uint> rows = [];
            foreach (bool xen in new[] { false, true })
            {
                rows.Add(xen, "rng", 0x171000000, 0x9, 1, 1024, 0);
                rows.Add(xen, "console", 0x171000002, 0x209, 4, 128, 12);
                rows.Add(xen, "gpio", 0x171000001, 0x209, 2, 256, 8);
                rows.Add(xen, "scmi", 0x171000001, 0x9, 2, 1024, 0);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void A_stand_in_offers_what_its_daemon_offers_and_refuses_more(
        bool xen, string kind, ulong features, ulong protocolFeatures, uint queues, uint size, uint config)
    {
        using BackEndProcess process = BackEndProcess.StartStandIn(xen ? [kind, "--xen"] : [kind]);
        using (WireClient client = new(process.Socket))
        {
            Assert.Equal(features, client.Ask(Wire.GetFeatures).Value);
            Assert.Equal(protocolFeatures | (xen ? Wire.XenMmap : 0), client.Ask(Wire.GetProtocolFeatures).Value);
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen, features))
        {
            Assert.Equal(queues, client.Ask(Wire.GetQueueNum).Value);
            for (uint queue = 0; queue < queues; queue++) client.Acknowledged(Wire.SetVringNum, Wire.State(queue, size));
            client.RefusedWithNack(Wire.SetVringNum, Wire.State(queues, size));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            client.RefusedWithNack(Wire.SetVringNum, Wire.State(0, 2 * size));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            client.RefusedWithNack(Wire.SetFeatures, Wire.U64(features | Undefined));
        }

        using (WireClient client = new WireClient(process.Socket).Negotiate(xen))
        {
            CheckConfig(client, config);
        }
    }

    /// <summary>Its exact size and not a byte more; without the protocol feature the question ends the connection.</summary>
    private static void CheckConfig(WireClient client, uint size)
    {
        if (size == 0)
        {
            client.RefusedByTheEnd(Wire.GetConfig, Wire.Config(0, 4));
            return;
        }

        Assert.Equal(12 + (int)size, client.Ask(Wire.GetConfig, Wire.Config(0, size)).Payload.Length);
        Assert.Equal(12, client.Ask(Wire.GetConfig, Wire.Config(0, size + 1)).Payload.Length);
        client.RefusedWithNack(Wire.SetConfig, Wire.Config(0, 4, 1, 2, 3, 4));
    }

    [Theory]
    [InlineData("rng")]
    [InlineData("scmi")]
    public void Without_the_protocol_feature_RESET_DEVICE_ends_the_connection(string kind)
    {
        using BackEndProcess process = BackEndProcess.StartStandIn(kind);
        using WireClient client = new WireClient(process.Socket).Negotiate(xen: false);
        client.RefusedByTheEnd(Wire.ResetDevice, []);
    }

    [Fact]
    public void A_feature_can_be_withheld()
    {
        using BackEndProcess process = BackEndProcess.StartStandIn("gpio", "--withhold-bit", "0");
        using WireClient client = new WireClient(process.Socket).Negotiate(xen: false);
        client.RefusedWithNack(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Version1 | 1));
    }

    [Fact]
    public void A_source_of_random_bytes_that_is_empty_is_one_line()
    {
        using TestFile empty = new([]);
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "xendmhost-sim.dll"), "stand-in", "rng", "--socket", empty.Path + ".sock", "--source", empty.Path])
        {
            RedirectStandardError = true,
        })!;
        Assert.Equal($"stand-in: {empty.Path}: is empty\n", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
    }
}
