using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>virtio-fs (virtio 1.3, 5.11): one high-priority queue and request queues, each request a FUSE message.</summary>
internal sealed class FsDevice : IStandInDevice
{
    internal const int TagSize = 36;
    private const int InHeaderSize = 40, OutHeaderSize = 16, LargestArguments = 1 << 20;

    private readonly FuseSession _session;
    private readonly byte[] _config;

    /// <param name="path">The folder.</param>
    /// <param name="tag">Its name in the guest; null for a device without a config, as that of older daemons.</param>
    /// <param name="requestQueues">Queues beside the high-priority one.</param>
    internal FsDevice(string path, string? tag, int requestQueues)
    {
        _session = new(new SharedFolder(path));
        QueueCount = 1 + requestQueues;
        _config = tag is null ? [] : new byte[TagSize + 4];
        if (tag is null) return;
        Encoding.UTF8.GetBytes(tag, _config);
        BinaryPrimitives.WriteInt32LittleEndian(_config.AsSpan(TagSize), requestQueues);
    }

    public ulong Features => 0;

    public int QueueCount { get; }

    public ReadOnlySpan<byte> Config => _config;

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the config is read-only";

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        Span<byte> header = stackalloc byte[InHeaderSize];
        if (!chain.Readable.TryRead(0, header)) return Served.Broken($"a FUSE request with a header of {chain.Readable.Length} bytes");
        FuseOperation operation = (FuseOperation)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (operation is FuseOperation.Forget or FuseOperation.BatchForget or FuseOperation.Interrupt) return Served.Done(0);
        if (chain.Writable.Length < OutHeaderSize) return Served.Broken("a FUSE request without room for its answer");
        FuseAnswer answer = Answer(operation, BinaryPrimitives.ReadUInt64LittleEndian(header[16..]), chain);
        if (OutHeaderSize + answer.Data.Length > chain.Writable.Length) answer = FuseAnswer.Failed(FuseError.Invalid);
        return Write(chain, BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), answer);
    }

    public void Stop(int queue, IQueues queues)
    {
        // Every request is answered at once: there is nothing to give back.
    }

    private FuseAnswer Answer(FuseOperation operation, ulong node, Chain chain)
    {
        byte[] arguments = new byte[Math.Min(chain.Readable.Length - InHeaderSize, LargestArguments)];
        if (!chain.Readable.TryRead(InHeaderSize, arguments)) return FuseAnswer.Failed(FuseError.IoError);
        try
        {
            return _session.Answer(operation, node, arguments, (int)Math.Min(chain.Writable.Length - OutHeaderSize, int.MaxValue));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whatever happened to the folder meanwhile: the guest is told, as by a real one.
            return FuseAnswer.Failed(FuseError.IoError);
        }
    }

    private static Served Write(Chain chain, ulong unique, FuseAnswer answer)
    {
        byte[] whole = new byte[OutHeaderSize + answer.Data.Length];
        BinaryPrimitives.WriteInt32LittleEndian(whole, whole.Length);
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(4), -(int)answer.Error);
        BinaryPrimitives.WriteUInt64LittleEndian(whole.AsSpan(8), unique);
        answer.Data.CopyTo(whole, OutHeaderSize);
        return chain.Writable.TryWrite(0, whole) ? Served.Done((uint)whole.Length) : Served.Broken("an answer outside the memory");
    }
}
