using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>`status` tells what of a running guest's traffic went through the host.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly Trial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_running_device_has_kicks_calls_and_an_interrupt_for_each_call()
    {
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Sound(0, GuestFiles.StandIn("snd"))]));
        Simulation guest = new(_trial, ["--wait"]);
        ProgramProcess host = _trial.Run(file);
        guest.Facts();

        JsonObject status = JsonNode.Parse(string.Join('\n', Ask("trial", "--json")))!.AsObject();
        JsonNode device = Assert.Single(status["devices"]!.AsArray())!;
        Assert.Equal((0, "snd", true), (device["id"]!.GetValue<int>(), device["name"]!.GetValue<string>(), device["running"]!.GetValue<bool>()));
        long kicks = Number(device, "kicks"), calls = Number(device, "calls");
        Assert.True(kicks > 0 && calls > 0, status.ToJsonString());
        Assert.Equal(calls, Number(device, "interrupts"));
        Assert.True(Number(status["accesses"]!, "writes") > kicks, status.ToJsonString());

        IReadOnlyList<string> lines = Ask("trial");
        Assert.Equal(["ID", "NAME", "RUNNING", "KICKS", "CALLS", "INTERRUPTS"], Words(lines[0]));
        Assert.Equal(["0", "snd", "true", $"{kicks}", $"{calls}", $"{calls}"], Words(Assert.Single(lines.Skip(1))));

        guest.Process.CloseInput();
        guest.Finish();
        host.Errors.Expect("is gone");
        Trial.End(host);
    }

    [Fact]
    public void A_guest_that_no_host_serves_is_refused_in_one_line()
    {
        ProgramProcess command = _trial.Host("status", "nobody", "--runtime", _trial.PathOf("runtime"));
        Assert.Equal(1, command.WaitForExit());
        Assert.Contains("does a host serve this guest", Assert.Single(command.Errors.All), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Ask(params string[] arguments)
    {
        ProgramProcess command = _trial.Host(["status", .. arguments, "--runtime", _trial.PathOf("runtime")]);
        Assert.True(command.WaitForExit() == 0, command.Errors.Text);
        return command.Output.All;
    }

    private static long Number(JsonNode node, string key) => node[key]!.GetValue<long>();

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
