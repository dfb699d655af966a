using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.Guests;

/// <summary>The note of which ioreq server is a host's own.</summary>
public sealed class ServerNoteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_successor_finds_what_was_noted_last()
    {
        Assert.Null(Note(5, "/vm/a").Id);
        Note(5, "/vm/a").Write(3);
        Note(5, "/vm/a").Write(7);
        Assert.Equal((ushort)7, Note(5, "/vm/a").Id);
        Note(5, "/vm/a").Forget();
        Assert.Null(Note(5, "/vm/a").Id);
    }

    [Fact]
    public void Another_guest_with_the_same_domain_id_finds_nothing()
    {
        Note(5, "/vm/a").Write(3);
        Assert.Null(Note(5, "/vm/b").Id);
        Assert.Null(Note(6, "/vm/a").Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/vm/a")]
    [InlineData("/vm/a\n")]
    [InlineData("/vm/a\nx")]
    [InlineData("/vm/a\n-1")]
    [InlineData("/vm/a\n70000")]
    public void What_makes_no_sense_is_no_note(string text)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "work.5.server"), text);
        Assert.Null(Note(5, "/vm/a").Id);
    }

    [Fact]
    public void It_goes_with_the_guest()
    {
        Note(4, "/vm/a").Write(1);
        Note(5, "/vm/a").Write(2);
        DeviceStates.Remove(_folder.Path, "work", domid: 4);
        Assert.Null(Note(4, "/vm/a").Id);
        Assert.Equal((ushort)2, Note(5, "/vm/a").Id);
    }

    [Fact]
    public void Without_a_folder_nothing_is_noted_and_nothing_fails()
    {
        ServerNote note = new(null, "/vm/a", NullLogger.Instance);
        note.Write(3);
        note.Forget();
        Assert.Null(note.Id);
    }

    private IServerNote Note(uint domid, string vm) => new DeviceStates(_folder.Path, "work", domid, vm, NullLogger.Instance).Server;
}
