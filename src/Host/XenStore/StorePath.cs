using System.Buffers;

namespace XenDmHost.Host.XenStore;

/// <summary>Which paths the store takes (docs/misc/xenstore.txt, "Store node paths").</summary>
internal static class StorePath
{
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@");

    /// <summary>A node's path: absolute, or relative to the caller's own domain.</summary>
    internal static bool IsNode(string path)
    {
        if (path == "/") return true;
        if (path.Length == 0 || path[0] == '@' || path[^1] == '/') return false;
        return HasGoodText(path);
    }

    /// <summary>What can be watched: a node, or one of the special names such as <c>@releaseDomain</c>.</summary>
    internal static bool IsWatchable(string path) =>
        IsNode(path) || (path.Length > 1 && path[0] == '@' && HasGoodText(path));

    /// <summary>The path without its last component, or null for the root and for a bare name.</summary>
    internal static string? Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0 || path == "/") return null;
        return slash == 0 ? "/" : path[..slash];
    }

    private static bool HasGoodText(string path)
    {
        int limit = path[0] == '/' ? XenStoreLimits.MaxAbsolutePath : XenStoreLimits.MaxRelativePath;
        return path.Length <= limit
            && !path.AsSpan().ContainsAnyExcept(s_allowed)
            && !path.Contains("//", StringComparison.Ordinal);
    }
}
