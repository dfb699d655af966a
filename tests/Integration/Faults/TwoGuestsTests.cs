using System.Text.Json.Nodes;
using XenDmHost.IntegrationTests.StandIns;
using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>One host, two guests: what one of them and its back-ends do costs the other nothing.</summary>
[Collection(FaultGroup.Name)]
public sealed class TwoGuestsTests(HealthyBackEnds healthy) : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("two-guests");

    [Theory]
    [InlineData("poison-kick-blocking")]
    [InlineData("silent=GET_VRING_BASE")]
    [InlineData("crash-on-kick")]
    public void A_hostile_guest_with_a_hostile_back_end_does_not_touch_the_other_guest(string fault)
    {
        using BackEndProcess disk = BackEndProcess.StartStandIn("blk", "--image", "{dir}/image", "--size", "8388608", "--fault", fault);
        using BackEndProcess sound = BackEndProcess.StartStandIn("snd");
        using SimulatedGuest hostile = Start("hostile", "--workload", "random", "--accesses", "50000", "--vcpus", "4");
        using HostInProcess host = new(
            HostInProcess.ShortLimits with { HoldMs = 100 },
            FileOf("hostile", disk.Socket, sound.Socket), FileOf("good", healthy.Disk, healthy.Sound));
        hostile.WaitForProgress("every device is Connected");

        using SimulatedGuest good = Start("good");
        Assert.True(good.WaitForEnd()["ok"]!.GetValue<bool>());
        Assert.Equal(0, good.ExitCode);

        JsonNode last = hostile.WaitForEnd(Long);
        Assert.True(last["ok"]!.GetValue<bool>(), last.ToJsonString());
        Assert.Equal(0, host.CountersOf(0).Faults);
        Assert.Equal(0, host.CountersOf(1).Faults);
        Assert.DoesNotContain(host.Log.Entries.All, entry => entry.Exception is not null);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private SimulatedGuest Start(string name, params string[] arguments) =>
        new(Path.Combine(_folder.FullName, name), name, ["--devices", "2", .. arguments]);

    private string FileOf(string name, string disk, string sound)
    {
        JsonObject file = new()
        {
            ["guest"] = name,
            ["platform"] = "simulated",
            ["simulation"] = name,
            ["devices"] = new JsonArray(
                new JsonObject
                {
                    ["plugin"] = "generic",
                    ["id"] = 0,
                    ["options"] = new JsonObject { ["profile"] = "blk" },
                    ["backEnd"] = new JsonObject { ["socket"] = disk },
                },
                new JsonObject { ["plugin"] = "snd", ["id"] = 1, ["backEnd"] = new JsonObject { ["socket"] = sound } }),
        };
        string path = Path.Combine(_folder.FullName, name + ".json");
        File.WriteAllText(path, file.ToJsonString());
        return path;
    }
}
