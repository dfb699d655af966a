using System.Text;
using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Drivers.Input;

/// <summary>struct virtio_input_config (virtio 1.3, 5.8.4): two bytes choose what the others show.</summary>
internal sealed class InputConfig(DeviceConfig config)
{
    internal const byte Name = 0x01;
    internal const byte Serial = 0x02;
    internal const byte Ids = 0x03;
    internal const byte EventBits = 0x11;

    private const int SelectOffset = 0;
    private const int SubselOffset = 1;
    private const int SizeOffset = 2;
    private const int UnionOffset = 8;
    private const int UnionBytes = 128;

    /// <summary>What the device shows for a choice; empty when it has nothing.</summary>
    internal byte[] Read(byte select, byte subsel = 0)
    {
        config.WriteU8(SelectOffset, select);
        config.WriteU8(SubselOffset, subsel);
        var size = config.ReadU8(SizeOffset);
        return size <= UnionBytes
            ? config.ReadBytes(UnionOffset, size)
            : throw new DriverFailure($"select 0x{select:x2}/{subsel}: a size of {size} bytes where {UnionBytes} are the most");
    }

    internal string ReadText(byte select) => Encoding.UTF8.GetString(Read(select)).TrimEnd('\0');

    /// <summary>The codes that a type of event can have.</summary>
    internal IReadOnlyList<int> ReadCodes(byte type)
    {
        var bits = Read(EventBits, type);
        return [.. Enumerable.Range(0, 8 * bits.Length).Where(code => (bits[code / 8] >> (code % 8) & 1) == 1)];
    }
}
