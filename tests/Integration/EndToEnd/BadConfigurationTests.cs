namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>Mistakes are answered before anything is started: one line each, exit code 2.</summary>
public sealed class BadConfigurationTests : IDisposable
{
    private readonly Trial _trial = new();

    public static TheoryData<string, string, string> Mistakes => new()
    {
        {
            """
            { "guest": "trial", "platform": "simulated", "devices": [
              { "plugin": "snt", "id": 0, "backEnd": { "socket": "s", "launch": ["touch", "{dir}/started"] } } ] }
            """, "2: $.devices[0].plugin: ", "snt"
        },
        {
            """
            { "guest": "trial", "platform": "simulated", "devices": [
              { "plugin": "snd", "id": 0, "backEnd": { "socket": "s", "launch": ["touch", "{dir}/started"] },
                "queues": { "size": 2048 } } ] }
            """, "3: $.devices[0].queues.size: ", "1024"
        },
        {
            """
            { "guest": "trial", "platform": "simulated", "devices": [
              { "plugin": "snd", "id": 0, "backEnd": { "socket": "s", "launch": ["touch", "{dir}/started"] } },
              { "plugin": "snd", "id": 0, "backEnd": { "socket": "t", "launch": ["touch", "{dir}/started"] } } ] }
            """, "3: $.devices[1].id: ", "0"
        },
        {
            """
            { "guest": "trial", "platform": "simulated", "devices": [
              { "plugin": "snd", "id": 0, "backEnd": { "socket": "no/such/folder/s", "launch": ["touch", "{dir}/started"] } } ] }
            """, "2: $.devices[0].backEnd.socket: ", "no/such/folder"
        },
        { "{ \"guest\": \"trial\",\n  \"devices\": [ }", "2: $", "" },
    };

    public void Dispose() => _trial.Dispose();

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_line_with_its_place_and_nothing_is_started(string text, string place, string word)
    {
        string file = _trial.Write("guest.json", text);
        foreach (string[] command in (string[][])[["run"], ["check"], ["demo", "--file"]])
        {
            ProgramProcess host = _trial.Host([.. command, file]);
            Assert.Equal(2, host.WaitForExit());
            string line = Assert.Single(host.Errors.All);
            Assert.StartsWith($"{file}:{place}", line, StringComparison.Ordinal);
            Assert.Contains(word, line, StringComparison.Ordinal);
            Assert.Empty(host.Output.All);
        }

        Assert.Empty(_trial.LivingProcesses());
        Assert.Equal(["guest.json", "tmp"], Directory.GetFileSystemEntries(_trial.Folder).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.GetFileSystemEntries(_trial.Temporary));
    }

    [Fact]
    public void All_mistakes_of_all_files_are_shown_at_once()
    {
        Directory.CreateDirectory(_trial.PathOf("guests"));
        _trial.Write("guests/a.json", """{ "guest": "a", "platform": "simulated", "devices": [ { "plugin": "snt", "id": 0, "backEnd": { "socket": "s" } } ], }""");
        _trial.Write("guests/b.json", """{ "guest": "b", "platform": "simulated", "devices": [ { "plugin": "snd", "id": 536870912, "backEnd": { "socket": "n/s" } } ], }""");
        ProgramProcess host = _trial.Run(_trial.PathOf("guests"));
        Assert.Equal(2, host.WaitForExit());
        Assert.Equal(
            ["guests/a.json:1: $.devices[0].plugin", "guests/b.json:1: $.devices[0].id", "guests/b.json:1: $.devices[0].backEnd.socket"],
            host.Errors.All.Select(line => string.Join(':', line[(_trial.Folder.Length + 1)..].Split(':')[..3])));
    }

    [Theory]
    [InlineData("run", "--no-such-option", "guest.json")]
    [InlineData("demo", "--wait", "0")]
    [InlineData("run")]
    [InlineData("dance")]
    public void A_command_line_that_is_wrong_is_one_line(params string[] arguments)
    {
        ProgramProcess host = _trial.Host(arguments);
        Assert.Equal(2, host.WaitForExit());
        Assert.Contains("xendmhost --help", Assert.Single(host.Errors.All), StringComparison.Ordinal);
        Assert.Empty(host.Output.All);
    }

    [Fact]
    public void Check_shows_what_a_running_daemon_offers_and_leaves_it_running()
    {
        _trial.CreateImage("disk.img");
        _trial.StandIn("blk", "--image", _trial.PathOf("disk.img"), "--socket", _trial.PathOf("disk0.sock"), "--queues", "2");
        string file = _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, []), GuestFiles.Sound(1, [])]));
        for (int time = 0; time < 2; time++)
        {
            ProgramProcess check = _trial.Host("check", file);
            Assert.True(check.WaitForExit() == 0, check.Errors.Text);
            check.Output.Expect("0 blk (virtio 2, plugin generic", "queues request1 128");
            check.Output.Expect("disk0.sock: features 0x", "2 queue(s)");
            check.Output.Expect("1 snd (virtio 25, plugin snd", "control 64, event 64, tx 64, rx 64");
            check.Output.Expect("sound1.sock: not running now");
        }
    }

    [Fact]
    public void Check_fails_when_a_running_daemon_refuses()
    {
        _trial.CreateImage("disk.img");
        _trial.StandIn(
            "blk", "--image", _trial.PathOf("disk.img"), "--socket", _trial.PathOf("disk0.sock"), "--fault", "refuse-eof=GET_CONFIG");
        ProgramProcess check = _trial.Host("check", _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, [])])));
        Assert.Equal(1, check.WaitForExit());
        check.Output.Expect("disk0.sock:", "GET_CONFIG");
    }
}
