using System.Text;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>The names that operators find in the specification and in the logs of daemons.</summary>
internal static class SpecName
{
    /// <summary>SetVringNum becomes SET_VRING_NUM; a number without a name here becomes "request 33".</summary>
    internal static string Of(FrontEndRequest request) =>
        Enum.IsDefined(request) ? WithUnderscores(request.ToString()) : $"request {(uint)request}";

    /// <summary>ConfigChangeMsg becomes CONFIG_CHANGE_MSG; a number without a name here becomes "back-end request 33".</summary>
    internal static string Of(BackEndRequest request) =>
        Enum.IsDefined(request) ? WithUnderscores(request.ToString()) : $"back-end request {(uint)request}";

    /// <summary>XenMmap becomes XEN_MMAP; a bit without a name becomes "bit 40".</summary>
    internal static string Of(ProtocolFeature feature) =>
        Enum.IsDefined(feature) ? WithUnderscores(feature.ToString()) : $"bit {(int)feature}";

    private static string WithUnderscores(string name)
    {
        StringBuilder text = new();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }
}
