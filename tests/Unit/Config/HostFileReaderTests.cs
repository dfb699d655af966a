using System.Text;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.UnitTests.Config;

public sealed class HostFileReaderTests
{
    [Fact]
    public void An_empty_file_gives_the_defaults() => AssertDefaults(Parse("{}"));

    [Fact]
    public void Without_a_file_the_defaults_are_used()
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) = HostFileReader.Read(null, "/nowhere/host.json");
        Assert.Empty(errors);
        AssertDefaults(settings!);
    }

    [Fact]
    public void A_file_named_by_the_user_must_exist() => Assert.Equal(
        "/nowhere/host.json: cannot be read: there is no such file", Errors.Join(HostFileReader.Read("/nowhere/host.json").Errors));

    [Fact]
    public void A_default_file_that_exists_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("host.json", """{ "runtimeFolder": "run" }""");
        Assert.Equal($"{folder.Path}/run", HostFileReader.Read(null, path).Settings!.RuntimeFolder);
    }

    [Fact]
    public void Every_key_is_bound()
    {
        HostSettings settings = Parse("""
            {
              "pluginFolders": ["/opt/plugins", "mine"],
              "runtimeFolder": "/tmp/x",
              "log": { "level": "debug", "format": "json" },
              "limits": { "replyMs": 11, "memTableMs": 12, "holdMs": 13, "connectBackoffMaxMs": 14, "stopDaemonMs": 0 },
            }
            """);
        Assert.Equal(["/opt/plugins", "/etc/x/mine"], settings.PluginFolders);
        Assert.Equal("/tmp/x", settings.RuntimeFolder);
        Assert.Equal(new LogSettings { Level = LogLevel.Debug, Format = LogFormat.Json }, settings.Log);
        Assert.Equal(
            new LimitSettings { ReplyMs = 11, MemTableMs = 12, HoldMs = 13, ConnectBackoffMaxMs = 14, StopDaemonMs = 0 },
            settings.Limits);
    }

    [Theory]
    [InlineData("[]", "$: expected an object, found an array")]
    [InlineData("{ \"pluginFolder\": [] }", "$.pluginFolder: unknown key 'pluginFolder'; did you mean 'pluginFolders'?")]
    [InlineData("{ \"pluginFolders\": \"/a\" }", "$.pluginFolders: expected an array of folders, found the string \"/a\"")]
    [InlineData("{ \"pluginFolders\": [1] }", "$.pluginFolders[0]: expected a folder, found the number 1; put it in quotes")]
    [InlineData("{ \"pluginFolders\": [\"\"] }", "$.pluginFolders[0]: expected a folder, found an empty one")]
    [InlineData("{ \"runtimeFolder\": \"a\\u0000\" }", "$.runtimeFolder: the control character U+0000 is not allowed here")]
    [InlineData("{ \"log\": null }", "$.log: expected an object, found null")]
    [InlineData("{ \"log\": { \"level\": \"info\" } }", "$.log.level: expected \"trace\", \"debug\", \"information\", \"warning\", \"error\", \"critical\" or \"none\", found the string \"info\"")]
    [InlineData("{ \"log\": { \"format\": \"xml\" } }", "$.log.format: expected \"text\" or \"json\", found the string \"xml\"")]
    [InlineData("{ \"limits\": { \"replyMs\": 9 } }", "$.limits.replyMs: expected an integer from 10 to 600000, found the number 9")]
    [InlineData("{ \"limits\": { \"memTableMs\": 600001 } }", "$.limits.memTableMs: expected an integer from 10 to 600000, found the number 600001")]
    [InlineData("{ \"limits\": { \"holdMs\": 60001 } }", "$.limits.holdMs: expected an integer from 10 to 60000, found the number 60001")]
    [InlineData("{ \"limits\": { \"connectBackoffMaxMs\": 0 } }", "$.limits.connectBackoffMaxMs: expected an integer from 10 to 60000, found the number 0")]
    [InlineData("{ \"limits\": { \"stopDaemonMs\": -1 } }", "$.limits.stopDaemonMs: expected an integer from 0 to 60000, found the number -1")]
    [InlineData("{ \"limits\": { \"reply\": 1 } }", "$.limits.reply: unknown key 'reply'; did you mean 'replyMs'?")]
    public void What_is_wrong_is_one_line(string json, string line) =>
        Assert.Equal($"host.json:1: {line}", Errors.OfHost(json));

    private static HostSettings Parse(string json)
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) =
            HostFileReader.Parse("/etc/x/host.json", Encoding.UTF8.GetBytes(json));
        Assert.Equal("", Errors.Join(errors));
        return settings!;
    }

    private static void AssertDefaults(HostSettings settings)
    {
        Assert.Empty(settings.PluginFolders);
        Assert.Equal("/run/xendmhost", settings.RuntimeFolder);
        Assert.Equal((LogLevel.Information, LogFormat.Text), (settings.Log.Level, settings.Log.Format));
        LimitSettings limits = settings.Limits;
        Assert.Equal(
            (5000, 30000, 5000, 2000, 3000),
            (limits.ReplyMs, limits.MemTableMs, limits.HoldMs, limits.ConnectBackoffMaxMs, limits.StopDaemonMs));
    }
}
