namespace XenDmHost.Simulation.StandIns.Devices.Scsi;

/// <summary>How a command ended: its status, the sense data that explain it, and the bytes for the guest beside those already there.</summary>
internal readonly record struct ScsiResult(byte Status, byte[] Sense, byte[] Data, uint Moved)
{
    private const byte Good = 0, CheckCondition = 2, IllegalRequest = 5;

    internal static ScsiResult Done { get; } = new(Good, [], [], 0);

    /// <summary>Data that are still to be written, cut to what the command has asked for.</summary>
    internal static ScsiResult With(byte[] data, int asked) => new(Good, [], data[..Math.Min(data.Length, asked)], 0);

    /// <summary>Data that lie in the guest's buffers already.</summary>
    internal static ScsiResult HasMoved(uint bytes) => new(Good, [], [], bytes);

    /// <summary>CHECK CONDITION with fixed-format sense data (SPC-4, 4.5.3).</summary>
    internal static ScsiResult Check(byte key, byte code)
    {
        byte[] sense = new byte[18];
        (sense[0], sense[2], sense[7], sense[12]) = (0x70, key, 10, code);
        return new(CheckCondition, sense, [], 0);
    }

    /// <summary>INVALID COMMAND OPERATION CODE, INVALID FIELD IN CDB, and their like.</summary>
    internal static ScsiResult Illegal(byte code) => Check(IllegalRequest, code);
}
