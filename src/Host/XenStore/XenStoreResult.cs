namespace XenDmHost.Host.XenStore;

/// <summary>A value, or the reason why there is none.</summary>
/// <param name="Error"><see cref="XenStoreError.None"/> when there is a value.</param>
/// <param name="Value">Meaningful only when <see cref="Ok"/>.</param>
internal readonly record struct XenStoreResult<T>(XenStoreError Error, T Value)
{
    internal bool Ok => Error == XenStoreError.None;

    public static implicit operator XenStoreResult<T>(T value) => new(XenStoreError.None, value);

    public static implicit operator XenStoreResult<T>(XenStoreError error) => new(error, default!);
}
