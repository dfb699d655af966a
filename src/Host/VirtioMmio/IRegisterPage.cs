namespace XenDmHost.Host.VirtioMmio;

/// <summary>A page that outlasts the process, for registers.</summary>
internal interface IRegisterPage
{
    /// <summary>In bytes.</summary>
    int Length { get; }

    Span<byte> Span { get; }

    /// <summary>A reference into the page, at a naturally aligned offset.</summary>
    ref T At<T>(int offset)
        where T : unmanaged;
}
