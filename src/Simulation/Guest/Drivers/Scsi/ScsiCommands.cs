using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Scsi;

/// <summary>Commands to the first logical unit of a target, one after the other.</summary>
internal sealed class ScsiCommands(DeviceMemory memory, SplitVirtqueue queue)
{
    private const byte StandardInquiryBytes = 36;

    internal ScsiReply Inquiry(byte target) => Do(target, [(byte)ScsiCode.Inquiry, 0, 0, 0, StandardInquiryBytes, 0], [], StandardInquiryBytes);

    internal ScsiReply TestUnitReady() => Do(0, [(byte)ScsiCode.TestUnitReady, 0, 0, 0, 0, 0], [], 0);

    internal ScsiReply ReadCapacity() => Do(0, [(byte)ScsiCode.ReadCapacity, .. new byte[9]], [], 8);

    internal ScsiReply Read(uint block, ushort blocks, int blockSize) => Do(0, Transfer(ScsiCode.Read, block, blocks), [], blocks * blockSize);

    internal ScsiReply Write(uint block, ushort blocks, ReadOnlySpan<byte> data) => Do(0, Transfer(ScsiCode.Write, block, blocks), data, 0);

    private ScsiReply Do(byte target, ReadOnlySpan<byte> command, ReadOnlySpan<byte> data, int room)
    {
        Span<byte> padded = stackalloc byte[ScsiRequest.CommandBytes];
        padded.Clear();
        command.CopyTo(padded);
        using var request = new ScsiRequest(memory, target, padded, data, room);
        queue.Submit(request.Queued, DriverContext.RequestLimit);
        return request.Wait();
    }

    private static byte[] Transfer(ScsiCode code, uint block, ushort blocks)
    {
        byte[] command = [(byte)code, .. new byte[9]];
        BinaryPrimitives.WriteUInt32BigEndian(command.AsSpan(2), block);
        BinaryPrimitives.WriteUInt16BigEndian(command.AsSpan(7), blocks);
        return command;
    }
}
