using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The stand-in for virtiofsd: a folder that can be read, and nothing outside it.</summary>
public sealed class FsStandInTests : IDisposable
{
    private const uint LookUp = 1, Open = 14, Read = 15, Init = 26, Create = 35, StatFs = 17;
    private const int NoSuchFile = -2, IoError = -5, ReadOnly = -30, NotServed = -38, HeaderSize = 16;
    private const ulong Root = 1;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shared");

    public FsStandInTests()
    {
        File.WriteAllText(PathOf("file"), "what is in it");
        File.CreateSymbolicLink(PathOf("link"), "/etc/passwd");
        Directory.CreateDirectory(PathOf("below"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_is_looked_up_opened_and_read_from_any_place(bool xen)
    {
        using StandInScene scene = Scene(xen);
        Begin(scene);
        byte[] entry = Ok(scene, LookUp, Root, "file\0"u8, 128);
        ulong node = BinaryPrimitives.ReadUInt64LittleEndian(entry);
        Assert.Equal("what is in it".Length, BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(48)));
        byte[] handle = Ok(scene, Open, node, new byte[8], 16)[..8];
        byte[] read = [.. handle, 5, 0, 0, 0, 0, 0, 0, 0, 5, .. new byte[23]];
        Assert.Equal("is in", Encoding.ASCII.GetString(Ok(scene, Read, node, read, 100)));
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData("..")]
    [InlineData("link")]
    [InlineData("below/../file")]
    [InlineData("")]
    public void Nothing_outside_the_folder_has_a_name_there(string name)
    {
        using StandInScene scene = Scene(xen: true);
        Begin(scene);
        Assert.Equal(NoSuchFile, Ask(scene, LookUp, Root, Encoding.ASCII.GetBytes(name + "\0"), 128).Error);
    }

    [Fact]
    public void A_daemon_that_was_told_of_no_session_answers_with_an_io_error()
    {
        using StandInScene scene = Scene(xen: true);
        Assert.Equal(IoError, Ask(scene, LookUp, Root, "file\0"u8, 128).Error);
    }

    [Fact]
    public void Whatever_would_write_is_refused_and_what_is_not_served_is_said_so()
    {
        using StandInScene scene = Scene(xen: true);
        Begin(scene);
        ulong node = BinaryPrimitives.ReadUInt64LittleEndian(Ok(scene, LookUp, Root, "file\0"u8, 128));
        Assert.Equal(ReadOnly, Ask(scene, Open, node, [2, 0, 0, 0, 0, 0, 0, 0], 16).Error);
        Assert.Equal(ReadOnly, Ask(scene, Create, Root, "................new\0"u8, 144).Error);
        Assert.Equal(NotServed, Ask(scene, StatFs, Root, [], 80).Error);
        Assert.Equal(NoSuchFile, Ask(scene, LookUp, 99, "file\0"u8, 128).Error);
    }

    [Fact]
    public void A_request_that_is_shorter_than_its_header_breaks_the_ring()
    {
        using StandInScene scene = Scene(xen: true);
        scene.BreaksItsRing(1, (TestGuest.Base + 0x10000, 39, false), (TestGuest.Base + 0x11000, 16, true));
    }

    [Fact]
    public void Without_a_tag_there_is_no_config()
    {
        using StandInScene scene = new(xen: false, 2, "fs", "--shared-dir", _folder.FullName);
        scene.Client.RefusedByTheEnd(Wire.GetConfig, Wire.Config(0, 40));
    }

    private StandInScene Scene(bool xen) => new(xen, 2, "fs", "--shared-dir", _folder.FullName, "--tag", "shared");

    private static void Begin(StandInScene scene) => Ok(scene, Init, 0, [7, 0, 0, 0, 31, 0, 0, 0, .. new byte[8]], 64);

    private static byte[] Ok(StandInScene scene, uint operation, ulong node, ReadOnlySpan<byte> arguments, int room)
    {
        (int error, byte[] data) = Ask(scene, operation, node, arguments, room);
        Assert.Equal(0, error);
        return data;
    }

    private static (int Error, byte[] Data) Ask(StandInScene scene, uint operation, ulong node, ReadOnlySpan<byte> arguments, int room)
    {
        byte[] request = new byte[40 + arguments.Length];
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(4), operation);
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(8), 77);
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(16), node);
        arguments.CopyTo(request.AsSpan(40));
        byte[] answer = scene.Ask(1, request, HeaderSize + room);
        Assert.Equal((answer.Length, 77), (BinaryPrimitives.ReadInt32LittleEndian(answer), BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(8))));
        return (BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(4)), answer[HeaderSize..]);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
