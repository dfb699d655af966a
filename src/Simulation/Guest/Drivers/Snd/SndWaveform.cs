using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>One second of two tones, 16-bit signed, interleaved; the same bytes for the same seed on every machine.</summary>
internal static class SndWaveform
{
    internal const int Rate = 48000;
    internal const int BytesPerSample = 2;

    internal static byte[] OneSecond(byte channels, int seed)
    {
        var pcm = new byte[Rate * channels * BytesPerSample];
        for (var frame = 0; frame < Rate; frame++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var at = ((frame * channels) + channel) * BytesPerSample;
                BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(at), Triangle(frame, 440 + (channel * 110) + (seed & 0xff)));
            }
        }

        return pcm;
    }

    /// <summary>Integers only: floating point may round differently elsewhere.</summary>
    private static short Triangle(int frame, int hertz)
    {
        var phase = (int)((long)frame * hertz * 4096 / Rate % 4096);
        var ramp = phase < 2048 ? phase : 4095 - phase;
        return (short)((ramp * 16) - 16384);
    }
}
