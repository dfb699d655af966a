using System.Text.Json;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginTableTests
{
    [Fact]
    public void The_shipped_plugins_are_listed_with_their_devices()
    {
        IReadOnlyList<PluginRow> rows = PluginTable.Rows(ShippedPlugins.Registry);
        Assert.Equal(["generic", "gpu", "scmi", "snd"], rows.Where(row => row.Chosen).Select(row => row.Name));
        PluginRow snd = rows.First(row => row.Name == "snd");
        Assert.Equal(25u, snd.DeviceId);
        Assert.Equal(["control 64 (max 1024)", "event 64 (max 1024)", "tx 64 (max 1024)", "rx 64 (max 1024)"], snd.Queues);
        Assert.Equal(("1.0", null), (snd.Contract, snd.Problem));
    }

    [Fact]
    public void A_plugin_whose_options_decide_the_device_is_no_problem()
    {
        PluginRow generic = PluginTable.Rows(ShippedPlugins.Registry).First(row => row.Name == "generic");
        Assert.Null(generic.DeviceId);
        Assert.Null(generic.Problem);
    }

    [Fact]
    public void The_text_is_aligned_in_columns()
    {
        PluginRow[] rows =
        [
            new("snd", "1.0.0", true, 25, ["control 64 (max 1024)"], "1.0", "/p/snd/1.0.0", null),
            new("generic", "1.0.0", true, null, [], "1.0", "/p/generic/1.0.0", null),
            new("gpu", "2.0.0", false, null, [], null, "/p/gpu/2.0.0", "gpu 2.0.0: needs contract 2.x"),
        ];
        const string Expected = """
            NAME     VERSION  DEVICE      QUEUES                 CONTRACT  FOLDER            STATE
            snd      1.0.0    25          control 64 (max 1024)  1.0       /p/snd/1.0.0      ok
            generic  1.0.0    by options  by options             1.0       /p/generic/1.0.0  ok
            gpu      2.0.0    -           -                      -         /p/gpu/2.0.0      gpu 2.0.0: needs contract 2.x

            """;
        Assert.Equal(Expected, PluginTable.ToText(rows));
    }

    [Fact]
    public void The_JSON_has_one_object_per_version()
    {
        PluginRow row = new("snd", "1.0.0", true, 25, ["control 64 (max 1024)"], "1.0", "/p/snd/1.0.0", null);
        using JsonDocument json = JsonDocument.Parse(PluginTable.ToJson([row]));
        JsonElement snd = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal("snd", snd.GetProperty("name").GetString());
        Assert.Equal(25, snd.GetProperty("deviceId").GetInt32());
        Assert.Equal(JsonValueKind.Null, snd.GetProperty("problem").ValueKind);
    }
}
