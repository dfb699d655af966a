using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>
/// virtio-fs (virtio 1.3, 5.11): mounts the folder, reads the first file in it from its start, asks for one that is not
/// there, and, where that is allowed, writes a file of its own, reads it back and compares.
/// </summary>
internal sealed class FsDriver : IGuestDriver
{
    /// <summary>The file that the driver leaves in the folder.</summary>
    internal const string WrittenFile = "written-by-the-guest";

    private const int TagBytes = 36;
    private const int MostQueues = 16;
    private const int MostBytes = 4 << 20;
    private const int WrittenBytes = 1 << 20;
    private const int NoSuchFile = 2;
    private static readonly int[] NotAllowed = [1, 13, 30, 38];

    public string Name => "fs";

    public ulong Features => 0;

    public JsonObject Drive(DriverContext context)
    {
        var config = context.Device.Config;
        var tag = Encoding.UTF8.GetString(config.ReadBytes(0, TagBytes)).TrimEnd('\0');
        var requestQueues = config.ReadU32(TagBytes);
        if (tag.Length == 0 || requestQueues == 0)
        {
            throw new DriverFailure($"the configuration names the tag \"{tag}\" and {requestQueues} request queue(s)");
        }

        context.Device.SetUpQueues(1 + (int)Math.Min(requestQueues, MostQueues));
        context.Device.SetDriverOk();
        var session = new FsSession(context.Memory, context.Device.Queues);
        var facts = new JsonObject { ["tag"] = tag, ["requestQueues"] = requestQueues };
        Look(session, facts);
        Write(session, context, facts);
        return facts;
    }

    public string Summarize(JsonObject facts)
    {
        var read = facts["file"] is { } file ? $"read {facts["bytesRead"]} bytes of \"{file}\"" : "found no file to read";
        var wrote = facts["bytesWritten"] is { } bytes ? $"wrote, read back and compared {bytes} bytes" : "was not allowed to write";
        return $"mounted \"{facts["tag"]}\" (FUSE {facts["fuse"]}), {read}, {wrote}";
    }

    private static void Look(FsSession session, JsonObject facts)
    {
        session.Begin();
        facts["fuse"] = session.Version;
        if (!session.GetAttr(FsNode.Root).IsFolder)
        {
            throw new DriverFailure("the root of the file system is no folder");
        }

        var names = session.List(FsNode.Root);
        facts["names"] = names.Count;
        var error = session.Lookup(FsNode.Root, "there is no such file").Error;
        if (error != NoSuchFile)
        {
            throw new DriverFailure($"a file that is not there is answered with {(error == 0 ? "an entry" : Errno.Name(error))} instead of ENOENT");
        }

        foreach (var name in names.Where(name => name != WrittenFile))
        {
            var file = FsNode.OfEntry(session.Lookup(FsNode.Root, name).Expect(FsNode.EntryBytes));
            if (file.IsFile)
            {
                ReadFile(session, name, file, facts);
            }

            session.Forget(file.Id);
            if (file.IsFile)
            {
                return;
            }
        }
    }

    private static void ReadFile(FsSession session, string name, FsNode file, JsonObject facts)
    {
        var handle = session.Open(file.Id);
        var data = session.Read(file.Id, handle, 0, (int)Math.Min(file.Size, MostBytes));
        session.Close(file.Id, handle);
        facts["file"] = name;
        facts["fileSize"] = file.Size;
        facts["bytesRead"] = data.Length;
        facts["readSha256"] = Convert.ToHexStringLower(SHA256.HashData(data));
    }

    private static void Write(FsSession session, DriverContext context, JsonObject facts)
    {
        if (!TryOpenToWrite(session, out var node, out var handle))
        {
            facts["readOnly"] = true;
            return;
        }

        facts["readOnly"] = false;
        var data = new byte[WrittenBytes];
        context.NewRandom(0).NextBytes(data);
        session.Write(node, handle, data);
        var same = session.Read(node, handle, 0, data.Length).AsSpan().CommonPrefixLength(data);
        if (same != data.Length)
        {
            throw new DriverFailure($"byte {same} read back from \"{WrittenFile}\" differs from what was written there");
        }

        session.Close(node, handle);
        session.Forget(node);
        facts["bytesWritten"] = data.Length;
        facts["writtenSha256"] = Convert.ToHexStringLower(SHA256.HashData(data));
    }

    /// <summary>As Linux: CREATE is for a file that is not there; one that an earlier run has left is looked up and opened.</summary>
    private static bool TryOpenToWrite(FsSession session, out ulong node, out ulong handle)
    {
        const uint ReadWrite = 2;
        var found = session.Lookup(FsNode.Root, WrittenFile);
        var opened = found.Error == NoSuchFile
            ? session.Create(FsNode.Root, WrittenFile)
            : session.Open(FsNode.OfEntry(found.Expect(FsNode.EntryBytes)).Id, ReadWrite);
        (node, handle) = (0, 0);
        if (NotAllowed.Contains(opened.Error))
        {
            return false;
        }

        var isNew = found.Error == NoSuchFile;
        var answer = opened.Expect(isNew ? FsNode.EntryBytes + 16 : 16);
        node = BinaryPrimitives.ReadUInt64LittleEndian(isNew ? answer : found.Data);
        handle = BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(isNew ? FsNode.EntryBytes : 0));
        return true;
    }
}
