using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>struct virtio_snd_pcm_info, 32 bytes, as far as a player needs it.</summary>
/// <param name="StreamId">Its number, from 0.</param>
/// <param name="Formats">One bit for each VIRTIO_SND_PCM_FMT_*.</param>
/// <param name="Rates">One bit for each VIRTIO_SND_PCM_RATE_*.</param>
/// <param name="IsOutput">Direction 0.</param>
internal readonly record struct SndPcmInfo(int StreamId, ulong Formats, ulong Rates, bool IsOutput, byte ChannelsMin, byte ChannelsMax)
{
    internal const int Size = 32;

    /// <summary>VIRTIO_SND_PCM_FMT_S16.</summary>
    internal const byte FormatS16 = 5;

    /// <summary>VIRTIO_SND_PCM_RATE_48000.</summary>
    internal const byte Rate48000 = 7;

    internal static SndPcmInfo Read(ReadOnlySpan<byte> wire, int streamId) => new(
        streamId,
        BinaryPrimitives.ReadUInt64LittleEndian(wire[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(wire[16..]),
        wire[24] == 0,
        wire[25],
        wire[26]);

    internal bool Plays(byte channels) =>
        IsOutput && (Formats >> FormatS16 & 1) == 1 && (Rates >> Rate48000 & 1) == 1 && channels >= ChannelsMin && channels <= ChannelsMax;
}
