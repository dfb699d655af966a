namespace XenDmHost.Simulation.Guest.Drivers.Scsi;

/// <summary>How a command ended (struct virtio_scsi_cmd_resp).</summary>
/// <param name="What">The command, for messages.</param>
/// <param name="Response">VIRTIO_SCSI_S_*: 0 if it reached a logical unit, 3 if there is no such target.</param>
/// <param name="Status">SCSI's own status: 0 GOOD, 2 CHECK CONDITION.</param>
/// <param name="Sense">Why, in fixed format.</param>
/// <param name="Data">What came.</param>
internal readonly record struct ScsiReply(string What, byte Response, byte Status, byte[] Sense, byte[] Data)
{
    internal const byte BadTarget = 3;
    internal const byte IllegalRequest = 5;
    private const byte CheckCondition = 2;

    /// <summary>The sense key of a command that was refused; null for one that was not.</summary>
    internal int? Refusal => Response == 0 && Status == CheckCondition && Sense.Length > 2 ? Sense[2] & 0xf : null;

    /// <summary>The data, of at least so many bytes.</summary>
    /// <exception cref="DriverFailure">The command failed, or the data are too short.</exception>
    internal byte[] Expect(int bytes = 0)
    {
        if (Response != 0 || Status != 0)
        {
            throw new DriverFailure($"{What} ended with response {Response}, status {Status}, sense {Convert.ToHexStringLower(Sense)}");
        }

        return Data.Length >= bytes ? Data : throw new DriverFailure($"{What} gave {Data.Length} bytes, {bytes} are the least");
    }
}
