namespace XenDmHost.Plugins.Generic;

/// <summary>A profile is wrong.</summary>
internal sealed class ProfileException : Exception
{
    /// <param name="path">The place in the profile, such as <c>queues[0].size</c>; empty for the whole.</param>
    /// <param name="what">What is wrong and what would be right.</param>
    internal ProfileException(string path, string what)
        : base(path.Length == 0 ? what : $"{path}: {what}")
    {
    }
}
