using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>An answer of the file system daemon.</summary>
/// <param name="What">The request, for messages.</param>
/// <param name="Error">0, or a positive errno.</param>
/// <param name="Data">What follows struct fuse_out_header.</param>
internal readonly record struct FuseReply(string What, int Error, byte[] Data)
{
    /// <summary>The data, of at least so many bytes.</summary>
    /// <exception cref="DriverFailure">The request failed, or the answer is too short.</exception>
    internal byte[] Expect(int bytes = 0)
    {
        if (Error != 0)
        {
            throw new DriverFailure($"{What} ended with {Errno.Name(Error)}");
        }

        return Data.Length >= bytes ? Data : throw new DriverFailure($"{What} was answered with {Data.Length} bytes, {bytes} are the least");
    }
}
