using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>A guest that makes any access at any time: each one is answered, and the host lives.</summary>
[Collection(FaultGroup.Name)]
public sealed class HostileGuestTests(HealthyBackEnds healthy, ITestOutputHelper output)
{
    private const long Accesses = 1_000_000;

    [Fact]
    public void A_million_random_accesses_of_four_vCPUs_are_all_answered()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"--workload random --accesses {Accesses} --vcpus 4 --seed {seed}");
        using FaultScene scene = new(healthy, new FaultSetup
        {
            DiskArguments = [],
            GuestArguments = ["--workload", "random", "--accesses", $"{Accesses}", "--vcpus", "4", "--seed", $"{seed}"],
        });
        scene.Guest.WaitForProgress("every device is Connected");
        JsonNode last = scene.Guest.WaitForEnd(TimeSpan.FromMinutes(5));
        output.WriteLine(last.ToJsonString());
        Assert.True(last["ok"]!.GetValue<bool>(), last.ToJsonString());
        Assert.True(last["accesses"]!.GetValue<long>() >= Accesses);
        Assert.True(last["kinds"]!["Reset"]!.GetValue<long>() > 1000);
        Assert.True(last["kinds"]!["BringUp"]!.GetValue<long>() > 100);
        scene.AssertTheRestIsUnharmed(last);
        Assert.True(scene.Host.Counters.Held > 0);
        Assert.True(scene.Host.Counters.Reads + scene.Host.Counters.Writes + scene.Host.Counters.Others + scene.Host.Counters.Invalidates >= Accesses);
    }
}
