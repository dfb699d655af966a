using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native;

/// <summary>The operating system refused something: which call, on what, why, and what to do about it.</summary>
internal sealed class OsException : IOException
{
    internal OsException(string call, string target, int errno, string? advice = null)
        : base($"{target}: {call}: {Native.Errno.NameOf(errno)}{(advice is null ? "" : ": " + advice)}")
    {
        Errno = errno;
        Call = call;
        Target = target;
    }

    internal int Errno { get; }

    internal string Call { get; }

    internal string Target { get; }

    [DoesNotReturn]
    internal static void ThrowLast(string call, string target, string? advice = null) =>
        throw new OsException(call, target, Marshal.GetLastPInvokeError(), advice);
}
