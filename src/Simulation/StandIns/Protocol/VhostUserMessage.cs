using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>One request as it came. Descriptors that nobody takes are closed with it.</summary>
internal sealed class VhostUserMessage(uint id, uint flags, byte[] payload, List<FileDescriptor> fds) : IDisposable
{
    internal const uint Version = 0x1, Reply = 0x4, NeedReply = 0x8;
    internal const int HeaderSize = 12, MaximumPayload = 4096, MaximumDescriptors = 32;

    internal uint Id { get; } = id;

    internal Request Request => (Request)Id;

    internal string Name => Enum.IsDefined(Request) ? Request.ToString() : $"request {Id}";

    internal bool NeedsReply => (flags & NeedReply) != 0;

    internal bool IsReply => (flags & Reply) != 0;

    internal ReadOnlySpan<byte> Payload => payload;

    internal IReadOnlyList<FileDescriptor> Descriptors => fds;

    internal int DescriptorCount => fds.Count;

    /// <summary>Gives the descriptors to a new owner.</summary>
    internal List<FileDescriptor> TakeDescriptors()
    {
        List<FileDescriptor> taken = [.. fds];
        fds.Clear();
        return taken;
    }

    public void Dispose() => fds.ForEach(fd => fd.Dispose());
}
