using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>Descriptors in a message's ancillary data (cmsg(3), unix(7)).</summary>
internal static unsafe class ControlMessages
{
    /// <summary>The most descriptors the kernel passes in one message (SCM_MAX_FD).</summary>
    internal const int MaximumDescriptors = 253;

    /// <summary>A buffer that takes the most descriptors there can be, and one further control message beside them.</summary>
    internal static int BufferSize { get; } = LibC.CMSG_SPACE(MaximumDescriptors * sizeof(int)) + 64;

    /// <summary>
    /// CMSG_LEN of cmsg(3): the header and the data, without padding behind them. Tmds.LibC 0.5.0 pads it, and the kernel
    /// would take the padding for one more descriptor: number 0.
    /// </summary>
    private static int LengthFor(int descriptors) => sizeof(cmsghdr) + (descriptors * sizeof(int));

    internal static int SpaceFor(int descriptors) => descriptors == 0 ? 0 : LibC.CMSG_SPACE(descriptors * sizeof(int));

    /// <summary>Writes one SCM_RIGHTS message into the buffer that <paramref name="message"/> names.</summary>
    internal static void Write(msghdr* message, ReadOnlySpan<FileDescriptor> fds)
    {
        cmsghdr* header = LibC.CMSG_FIRSTHDR(message);
        header->cmsg_level = LibC.SOL_SOCKET;
        header->cmsg_type = LibC.SCM_RIGHTS;
        header->cmsg_len = LengthFor(fds.Length);
        int* numbers = (int*)LibC.CMSG_DATA(header);
        for (int i = 0; i < fds.Length; i++) numbers[i] = fds[i].Value;
    }

    /// <summary>Takes every descriptor of every control message, so that none stays open without an owner.</summary>
    internal static void Take(msghdr* message, List<FileDescriptor> fds)
    {
        for (cmsghdr* header = LibC.CMSG_FIRSTHDR(message); header is not null; header = LibC.CMSG_NXTHDR(message, header))
        {
            if (header->cmsg_level != LibC.SOL_SOCKET || header->cmsg_type != LibC.SCM_RIGHTS) continue;
            int bytes = (int)header->cmsg_len - LengthFor(0);
            int* numbers = (int*)LibC.CMSG_DATA(header);
            for (int i = 0; i < bytes / sizeof(int); i++) fds.Add(new FileDescriptor(numbers[i]));
        }
    }
}
