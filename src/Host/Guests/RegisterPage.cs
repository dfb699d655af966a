using XenDmHost.Host.Native;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>A mapped page of a file, for registers.</summary>
/// <param name="page">The page; not owned.</param>
internal sealed class RegisterPage(Mapping page) : IRegisterPage
{
    public int Length => page.Length;

    public Span<byte> Span => page.Span;

    public ref T At<T>(int offset)
        where T : unmanaged => ref page.At<T>(offset);
}
