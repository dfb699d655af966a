using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>
/// The device's configuration space, little-endian. What takes more than one access is read again when ConfigGeneration
/// moved meanwhile (virtio 1.2, 2.5.1).
/// </summary>
internal sealed class DeviceConfig(VirtioMmioWindow window)
{
    private const int MostAttempts = 100;

    internal byte ReadU8(int offset) => (byte)window.ReadConfig(offset, 1);

    internal ushort ReadU16(int offset) => (ushort)window.ReadConfig(offset, 2);

    internal uint ReadU32(int offset) => window.ReadConfig(offset, 4);

    internal ulong ReadU64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(offset, 8));

    internal void WriteU8(int offset, byte value) => window.WriteConfig(offset, 1, value);

    internal void WriteU32(int offset, uint value) => window.WriteConfig(offset, 4, value);

    /// <summary>A consistent copy of some bytes, read as 32-bit words where they are aligned.</summary>
    internal byte[] ReadBytes(int offset, int length)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var before = window.Read(MmioRegister.ConfigGeneration);
            var bytes = ReadOnce(offset, length);
            if (window.Read(MmioRegister.ConfigGeneration) == before)
            {
                return bytes;
            }
        }

        throw new DriverFailure($"ConfigGeneration moved during each of {MostAttempts} reads of the configuration");
    }

    private byte[] ReadOnce(int offset, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length;)
        {
            var isWord = (offset + i) % 4 == 0 && length - i >= 4;
            if (isWord)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i), ReadU32(offset + i));
            }
            else
            {
                bytes[i] = ReadU8(offset + i);
            }

            i += isWord ? 4 : 1;
        }

        return bytes;
    }
}
