using System.Runtime.InteropServices;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// GET_CONFIG and SET_CONFIG. Reads always start at offset 0 and have the exact size of the config space: some back-ends
/// ignore the offset, others fail when asked for more than they have.
/// </summary>
internal sealed class ConfigAccess(VhostUserChannel channel, VhostUserLimits limits)
{
    /// <summary>Fills <paramref name="config"/>, the whole config space; Refused when the back-end says in its way that it cannot.</summary>
    internal VhostUserResult Read(Span<byte> config)
    {
        MessageSubject subject = new(FrontEndRequest.GetConfig, $"offset 0, {config.Length} bytes");
        Span<byte> request = stackalloc byte[ConfigHeader.Size + ConfigHeader.MaxConfigSize];
        request = request[..(ConfigHeader.Size + config.Length)];
        request.Clear();
        ConfigHeader header = new() { ByteCount = (uint)config.Length };
        MemoryMarshal.Write(request, in header);

        // No payload (libvhost-user), or a header alone with the size 0 (the vhost crates), is a failure that leaves the
        // connection in order.
        Span<byte> answer = stackalloc byte[ConfigHeader.Size + ConfigHeader.MaxConfigSize];
        answer = answer[..request.Length];
        VhostUserResult result = channel.Query(subject, request, answer, [0, ConfigHeader.Size], out int length, limits.AnswerMs);
        if (!result.IsOk)
        {
            return result;
        }

        if (length != answer.Length || MemoryMarshal.Read<ConfigHeader>(answer).ByteCount != config.Length)
        {
            return VhostUserResult.Refused(
                subject,
                "the back-end does not serve a config space of this size",
                "compare its size in the plugin with the device that the daemon serves");
        }

        answer[ConfigHeader.Size..].CopyTo(config);
        return result;
    }

    /// <summary>Forwards a write of the guest.</summary>
    internal VhostUserResult Write(int offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes.Length, ConfigHeader.MaxConfigSize);
        Span<byte> request = stackalloc byte[ConfigHeader.Size + bytes.Length];
        ConfigHeader header = new() { Offset = (uint)offset, ByteCount = (uint)bytes.Length };
        MemoryMarshal.Write(request, in header);
        bytes.CopyTo(request[ConfigHeader.Size..]);
        MessageSubject subject = new(FrontEndRequest.SetConfig, $"offset {offset} = {Convert.ToHexStringLower(bytes)}");
        return channel.Confirm(subject, request, [], limits.AnswerMs);
    }
}
