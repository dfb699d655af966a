using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>One PCM stream: what it can do, where it is in its life cycle, and the buffers that wait for its start.</summary>
internal sealed class PcmStream(bool output)
{
    internal const int InfoSize = 32, SetParamsSize = 24;
    private const byte MinimumChannels = 1, MaximumChannels = 2;
    private const ulong Formats = (1UL << 5) | (1UL << 17) | (1UL << 19);
    private const ulong Rates = (1UL << 6) | (1UL << 7) | (1UL << 10);

    internal bool IsOutput { get; } = output;

    internal PcmState State { get; private set; }

    /// <summary>Filled by the driver before it starts the stream, as Linux's does; played in order from the start on.</summary>
    internal Queue<Chain> Waiting { get; } = new();

    /// <summary>struct virtio_snd_pcm_info: formats S16, S32 and FLOAT; 44100, 48000 and 96000 Hz; one or two channels.</summary>
    internal void WriteInfo(Span<byte> item)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(item[8..], Formats);
        BinaryPrimitives.WriteUInt64LittleEndian(item[16..], Rates);
        item[24] = (byte)(IsOutput ? 0 : 1);
        item[25] = MinimumChannels;
        item[26] = MaximumChannels;
    }

    /// <summary>struct virtio_snd_pcm_set_params: every field within what the stream's information says.</summary>
    internal SoundStatus SetParams(ReadOnlySpan<byte> request)
    {
        if (request.Length < SetParamsSize) return SoundStatus.BadMessage;
        if (State is PcmState.Running or PcmState.Stopped) return SoundStatus.BadMessage;
        uint buffer = BinaryPrimitives.ReadUInt32LittleEndian(request[8..]);
        uint period = BinaryPrimitives.ReadUInt32LittleEndian(request[12..]);
        uint features = BinaryPrimitives.ReadUInt32LittleEndian(request[16..]);
        if (period == 0 || buffer == 0 || buffer % period != 0) return SoundStatus.BadMessage;
        bool supported = features == 0 && request[20] is >= MinimumChannels and <= MaximumChannels
            && Has(Formats, request[21]) && Has(Rates, request[22]);
        if (!supported) return SoundStatus.NotSupported;
        State = PcmState.ParametersSet;
        return SoundStatus.Ok;
    }

    internal SoundStatus Change(SoundRequest request)
    {
        PcmState? next = (request, State) switch
        {
            (SoundRequest.PcmPrepare, PcmState.ParametersSet or PcmState.Prepared or PcmState.Released) => PcmState.Prepared,
            (SoundRequest.PcmStart, PcmState.Prepared or PcmState.Stopped) => PcmState.Running,
            (SoundRequest.PcmStop, PcmState.Running) => PcmState.Stopped,
            (SoundRequest.PcmRelease, PcmState.Prepared or PcmState.Stopped) => PcmState.Released,
            _ => null,
        };
        State = next ?? State;
        return next is null ? SoundStatus.BadMessage : SoundStatus.Ok;
    }

    private static bool Has(ulong mask, byte bit) => bit < 64 && (mask >> bit & 1) != 0;
}
