namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary><c>xl-config</c>: what a guest's xl configuration needs for its devices.</summary>
public sealed class XlConfigTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Theory]
    [InlineData(false, "grant_usage=0")]
    [InlineData(true, "grant_usage=1")]
    public void An_arm_guest_gets_its_devices_in_the_order_of_their_ids(bool grants, string usage)
    {
        string file = Write((1, "snd", ""), (0, "generic", "\"options\": { \"profile\": \"blk\" },"));
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "arm64", .. grants ? (string[])["--grants"] : [], file]);
        Assert.Equal(0, host.WaitForExit());
        string[] lines = [.. host.Output.All.SkipWhile(line => line != "virtio = [").Skip(1).TakeWhile(line => line != "]")];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith($"    \"type=virtio,device,transport=mmio,{usage}\",", line));
        Assert.EndsWith("# 0: blk", lines[0]);
        Assert.EndsWith("# 1: snd", lines[1]);
        Assert.Contains(host.Output.All, line => line.Contains("xl create -p"));
    }

    [Fact]
    public void Devices_of_a_driver_domain_name_it_and_wait_for_it()
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "arm64", "--driver-domain", "driver", Write((0, "snd", ""))]);
        Assert.Equal(0, host.WaitForExit());
        Assert.Contains(host.Output.All, line => line.StartsWith("    \"backend=driver,type=virtio,device,transport=mmio,grant_usage=0\",", StringComparison.Ordinal));
        Assert.Contains(host.Output.All, line => line.Contains("/local/domain/$(xl domid driver)/backend/virtio/$(xl domid trial)/0/state", StringComparison.Ordinal));
        string[] steps = [.. host.Output.All.Where(line => line.Contains("xl create", StringComparison.Ordinal) || line.Contains("xl unpause", StringComparison.Ordinal))];
        Assert.Equal(["#   xl create -p driver.cfg    # with driver_domain = 1", "#   xl create -p GUEST.cfg", "#   xl unpause driver", "#   xl unpause trial"], steps);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a\"b")]
    public void A_driver_domain_that_would_break_the_line_is_refused(string name)
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "arm64", "--driver-domain", name, Write((0, "snd", ""))]);
        Assert.Equal(2, host.WaitForExit());
        Assert.Contains(host.Errors.All, line => line.Contains("--driver-domain", StringComparison.Ordinal));
    }

    [Fact]
    public void On_x86_there_is_no_driver_domain()
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "x86", "--driver-domain", "driver", Write((0, "snd", ""))]);
        Assert.Equal(2, host.WaitForExit());
        Assert.StartsWith("--driver-domain: on Arm alone", Assert.Single(host.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_xl_would_not_give_is_a_mistake_of_the_file()
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "arm64", Write((0, "snd", ""), (2, "snd", ""))]);
        Assert.Equal(2, host.WaitForExit());
        Assert.Contains("$.devices[1].id: 2 leaves a gap", Assert.Single(host.Errors.All));
    }

    [Fact]
    public void More_devices_than_xl_has_interrupts_for_are_a_mistake_of_the_file()
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "arm64", Write([.. Enumerable.Range(0, 12).Select(id => (id, "snd", ""))])]);
        Assert.Equal(2, host.WaitForExit());
        Assert.Contains("$.devices[11]: one device too many", Assert.Single(host.Errors.All));
    }

    [Fact]
    public void On_x86_there_is_nothing_for_xl_to_say()
    {
        ProgramProcess host = _trial.Host(["xl-config", "--arch", "x86", Write((0, "snd", ""), (5, "snd", ""))]);
        Assert.Equal(0, host.WaitForExit());
        Assert.DoesNotContain(host.Output.All, line => line.Contains("virtio = ["));
        Assert.Contains(host.Output.All, line => line == "type = \"pvh\"");
    }

    private string Write(params (int Id, string Plugin, string More)[] devices) => _trial.Write(
        "guest.json",
        "{ \"guest\": \"trial\", \"devices\": [\n" + string.Join(
            ",\n", devices.Select(device => $"{{ \"plugin\": \"{device.Plugin}\", \"id\": {device.Id}, {device.More} \"backEnd\": {{ \"socket\": \"s{device.Id}\" }} }}")) + "\n] }");
}
