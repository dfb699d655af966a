namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>Numbers of the vhost-user protocol as the tests write them, and its payloads as bytes.</summary>
internal static class Wire
{
    internal const uint GetFeatures = 1, SetFeatures = 2, SetOwner = 3, SetMemTable = 5, SetVringNum = 8, SetVringAddr = 9,
        SetVringBase = 10, GetVringBase = 11, SetVringKick = 12, SetVringCall = 13, SetVringErr = 14, GetProtocolFeatures = 15,
        SetProtocolFeatures = 16, GetQueueNum = 17, SetVringEnable = 18, GetConfig = 24, SetConfig = 25, GpuSetSocket = 33, ResetDevice = 34,
        GetMaxMemSlots = 36, AddMemReg = 37, RemMemReg = 38, SetStatus = 39;

    internal const ulong ReplyAck = 1 << 3, XenMmap = 1 << 17, Bit30 = 1UL << 30, Version1 = 1UL << 32, Bit33 = 1UL << 33;

    internal static byte[] U64(ulong value) => BitConverter.GetBytes(value);

    internal static byte[] State(uint index, uint value) => [.. BitConverter.GetBytes(index), .. BitConverter.GetBytes(value)];

    internal static byte[] Config(uint offset, uint size, params byte[] data) =>
        [.. State(offset, size), 0, 0, 0, 0, .. data.Length == 0 ? new byte[size] : data];

    /// <summary>The order on the wire: descriptor table, used ring, available ring.</summary>
    internal static byte[] Addr(uint index, ulong descriptors, ulong used, ulong available) =>
        [.. State(index, 0), .. U64(descriptors), .. U64(used), .. U64(available), .. U64(0)];

    internal static byte[] Region(ulong guest, ulong size, ulong user, ulong offset = 0) =>
        [.. U64(guest), .. U64(size), .. U64(user), .. U64(offset)];

    internal static byte[] Table(params byte[][] regions) =>
        [.. State((uint)regions.Length, 0), .. regions.SelectMany(region => region)];
}
