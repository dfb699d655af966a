using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>
/// virtio-snd (virtio 1.2, 5.14): asks for jacks, streams and channel maps, plays one second of PCM on the first stream
/// that takes it, and stops and releases the stream again.
/// </summary>
internal sealed class SndDriver : IGuestDriver
{
    private const int ControlQueue = 0;
    private const int EventQueue = 1;
    private const int TxQueue = 2;
    private const int Queues = 4;
    private const int JackInfoBytes = 24;
    private const int ChmapInfoBytes = 24;
    private const int EventBytes = 8;
    private const byte Channels = 2;
    private const int PeriodBytes = SndWaveform.Rate / 100 * Channels * SndWaveform.BytesPerSample;

    public string Name => "snd";

    public ulong Features => 0;

    public string Summarize(JsonObject facts) =>
        $"found {facts["jacks"]} jack(s), {facts["streams"]} streams and {facts["chmaps"]} channel map(s), played {facts["bytesPlayed"]} bytes of PCM in {facts["periods"]} periods";

    public JsonObject Drive(DriverContext context)
    {
        var (jacks, streams, chmaps) = ReadConfig(context);
        context.Device.SetUpQueues(Queues);
        context.Device.SetDriverOk();
        var events = new EventBuffers(context.Memory, context.Device.Queues[EventQueue], EventBytes);
        var control = new SndControl(context.Memory, context.Device.Queues[ControlQueue]);
        var facts = new JsonObject { ["jacks"] = jacks, ["streams"] = streams, ["chmaps"] = chmaps };
        Query(control, SndCode.JackInfo, jacks, JackInfoBytes);
        var stream = FindOutput(Query(control, SndCode.PcmInfo, streams, SndPcmInfo.Size), streams);
        Query(control, SndCode.ChmapInfo, chmaps, ChmapInfoBytes);
        Play(context, control, stream, facts);
        facts["events"] = events.Received;
        return facts;
    }

    private static (int Jacks, int Streams, int Chmaps) ReadConfig(DriverContext context)
    {
        var config = context.Device.Config;
        return ((int)config.ReadU32(0), (int)config.ReadU32(4), (int)config.ReadU32(8));
    }

    private static byte[] Query(SndControl control, SndCode code, int count, int itemBytes) =>
        count switch
        {
            0 => [],
            > 0 and <= 64 => control.Query(code, count, itemBytes),
            _ => throw new DriverFailure($"the configuration names {(uint)count} items for {code}"),
        };

    private static int FindOutput(byte[] infos, int streams)
    {
        for (var i = 0; i < streams; i++)
        {
            if (SndPcmInfo.Read(infos.AsSpan(i * SndPcmInfo.Size), i).Plays(Channels))
            {
                return i;
            }
        }

        throw new DriverFailure($"none of {streams} streams plays {Channels} channels of S16 at {SndWaveform.Rate} Hz");
    }

    private static void Play(DriverContext context, SndControl control, int stream, JsonObject facts)
    {
        var pcm = SndWaveform.OneSecond(Channels, context.Options.Seed);
        var player = new SndPlayer(context.Memory, context.Device.Queues[TxQueue], stream, PeriodBytes);
        control.SetParameters(stream, PeriodBytes * player.InFlight, PeriodBytes, Channels);
        control.Stream(SndCode.PcmPrepare, stream);
        var periods = pcm.Length / PeriodBytes;
        for (var i = 0; i < periods; i++)
        {
            // Linux fills the queue before it says START, and so do we.
            if (i == Math.Min(player.InFlight, periods))
            {
                control.Stream(SndCode.PcmStart, stream);
            }

            player.Send(i, pcm.AsSpan(i * PeriodBytes, PeriodBytes));
        }

        player.Drain();
        control.Stream(SndCode.PcmStop, stream);
        control.Stream(SndCode.PcmRelease, stream);
        AddPlayed(context, stream, pcm, periods, facts);
    }

    private static void AddPlayed(DriverContext context, int stream, byte[] pcm, int periods, JsonObject facts)
    {
        facts["stream"] = stream;
        facts["periods"] = periods;
        facts["bytesPlayed"] = pcm.Length;
        facts["playedSha256"] = Convert.ToHexStringLower(SHA256.HashData(pcm));
        if (context.Options.PcmFile is { } file)
        {
            File.WriteAllBytes(file, pcm);
        }
    }
}
