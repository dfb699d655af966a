using System.Text;

namespace XenDmHost.Simulation.StandIns.Devices.Scmi;

/// <summary>What follows the header of an answer: a status, and values when it is Success.</summary>
internal static class ScmiAnswer
{
    private const int NameSize = 16;

    internal static byte[] Failed(ScmiStatus status) => BitConverter.GetBytes((int)status);

    internal static byte[] Success(params uint[] values) => [.. BitConverter.GetBytes((int)ScmiStatus.Success), .. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>A name of 16 bytes, filled up with zeros, the last of which is always there.</summary>
    internal static byte[] Name(string text)
    {
        byte[] name = new byte[NameSize];
        Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(text.Length, NameSize - 1)), name);
        return name;
    }
}
