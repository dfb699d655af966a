namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Each stand-in, in the plain form and in the one built for Xen, end to end.</summary>
public sealed class StandInSuiteTests : IDisposable
{
    private readonly Trial _trial = new();

    public static TheoryData<string, bool> Forms
    {
        get
        {
            TheoryData<string, bool> forms = [];
            foreach (StandInCase each in StandInCase.All)
            {
                forms.Add(each.Kind, false);
                forms.Add(each.Kind, true);
            }

            return forms;
        }
    }

    public void Dispose() => _trial.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_guest_drives_the_device_and_both_sides_saw_the_same(string kind, bool xen)
    {
        StandInCase standIn = StandInCase.Of(kind);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served(kind, 0, standIn.Launch(_trial, xen))]));

        Simulation guest = new(_trial, ["--banks", "2"]);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        IReadOnlyList<string> log = Trial.End(host);

        Assert.Equal(kind, guest.Report()["driver"]!.GetValue<string>());
        standIn.CheckData(_trial, guest.Facts());
        Assert.Contains(xen ? ", 40-byte regions" : ", 32-byte regions", log.Single(line => line.Contains("device 0 (", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_queue_that_is_too_large_fails_that_device_in_words_and_no_other(string kind, bool xen)
    {
        StandInCase standIn = StandInCase.Of(kind);
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Served(kind, 0, standIn.Launch(_trial, xen, 0, "--max-queue-size", "32"), """, "queues": { "size": 64 }"""),
            GuestFiles.Served(kind, 1, standIn.Launch(_trial, xen, 1, "--max-queue-size", "32"), """, "queues": { "size": 32 }"""),
        ]));

        Simulation guest = new(_trial, devices: 2);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("SET_VRING_NUM", "64");
        Assert.Equal(1, guest.Process.WaitForExit());
        Trial.End(host);

        Assert.Matches("NeedsReset|DEVICE_NEEDS_RESET", guest.Report(0)["error"]!.GetValue<string>());
        Assert.Equal(32, guest.Facts(1)["queueSizes"]![0]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_daemon_that_dies_comes_back_unnoticed_and_a_host_that_dies_has_a_successor(string kind, bool xen)
    {
        StandInCase standIn = StandInCase.Of(kind);
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served(kind, 0, standIn.Launch(_trial, xen))]));

        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess first = _trial.Run(file);
        int daemon = BackEndDeathTests.StartedDaemon(first);
        Assert.Equal(0, guest.Facts()["configChanges"]!.GetValue<int>());
        standIn.CheckData(_trial, guest.Facts());
        BackEndDeathTests.KillProcess(daemon);
        first.Errors.Expect("rings resumed");
        first.Kill();

        ProgramProcess second = _trial.Run(file);
        second.Errors.Expect("adopted domain 1");
        second.Errors.Expect("rings resumed");
        guest.Process.Signal("TERM");
        guest.Finish();
        Trial.End(second);
    }

    /// <summary>Half a request's work is done when a daemon dies; its successor does it again, and the guest waits for it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_bytes_come_from_one_daemon_after_the_other(bool xen)
    {
        string[] mortal = StandInCase.Of("rng").Launch(_trial, xen, 0, "--fault", "crash-on-chain=4");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served("rng", 0, mortal)]));

        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        host.Errors.Expect("rings resumed");
        host.Errors.Expect("rings resumed");
        guest.Finish();
        Trial.End(host);
        Assert.Equal(0, guest.Facts()["configChanges"]!.GetValue<int>());
    }

    /// <summary>A device of two queues is driven over one where the driver does not know, or is not offered, what the other is for.</summary>
    [Theory]
    [InlineData("gpio", 0, "[256]")]
    [InlineData("scmi", 0, "[256]")]
    [InlineData("console", 1, "[128,128]")]
    public void Queues_that_belong_to_a_feature_stay_unused_without_it(string kind, int bit, string queueSizes)
    {
        string[] launch = StandInCase.Of(kind).Launch(_trial, xen: true, 0, "--withhold-bit", $"{bit}");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Served(kind, 0, launch)]));

        Simulation guest = new(_trial);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);
        Assert.Equal(queueSizes, guest.Facts()["queueSizes"]!.ToJsonString());
    }

    [Fact]
    public void What_the_guest_finds_out_is_what_the_device_has()
    {
        string file = _trial.Write("guest.json", GuestFiles.Of(
        [
            GuestFiles.Served("gpio", 0, GuestFiles.StandIn("gpio", "--lines", "4")),
            GuestFiles.Served("scmi", 1, GuestFiles.StandIn("scmi", "--sensor", "gauge")),
            GuestFiles.Served("console", 2, GuestFiles.StandIn("console")),
        ]));

        Simulation guest = new(_trial, devices: 3);
        ProgramProcess host = _trial.Run(file);
        guest.Finish();
        Trial.End(host);

        Assert.Equal("""["dummy0","dummy1","dummy2","dummy3"]""", guest.Facts(0)["names"]!.ToJsonString());
        Assert.Equal(4, guest.Facts(0)["linesDriven"]!.GetValue<int>());
        Assert.Equal(1, guest.Facts(0)["lineInterrupts"]!.GetValue<int>());
        Assert.Equal("0x20000", guest.Facts(1)["baseVersion"]!.GetValue<string>());
        Assert.Equal("rust-vmm", guest.Facts(1)["vendor"]!.GetValue<string>());
        Assert.Null(guest.Facts(1)["subVendor"]);
        Assert.Equal("0x15", guest.Facts(1)["protocols"]!.GetValue<string>());
        Assert.Equal("gauge", guest.Facts(1)["sensorName"]!.GetValue<string>());
        Assert.Equal("[0,1]", guest.Facts(1)["readings"]!.ToJsonString());
        Assert.Equal("org.test.foo!", guest.Facts(2)["port"]!.GetValue<string>());
    }
}
