using System.Text;

namespace XenDmHost.Host.XenStore;

/// <summary>The store sends its errors by name.</summary>
internal static class XenStoreErrors
{
    private static readonly Dictionary<string, XenStoreError> s_byName = Enum.GetValues<XenStoreError>()
        .Where(error => error >= XenStoreError.EINVAL)
        .ToDictionary(error => error.ToString(), StringComparer.Ordinal);

    /// <summary>The error that an ERROR message names; a name that is not known counts as EINVAL, as in libxenstore.</summary>
    internal static XenStoreError FromPayload(ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf((byte)0);
        return FromName(Encoding.Latin1.GetString(end < 0 ? payload : payload[..end]));
    }

    /// <summary>The same for a name that stands alone.</summary>
    internal static XenStoreError FromName(string name) => s_byName.GetValueOrDefault(name, XenStoreError.EINVAL);
}
