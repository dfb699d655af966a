namespace XenDmHost.Host.XenStore;

/// <summary>What one part of a long list of children meant.</summary>
internal enum DirectoryPartStatus
{
    More,
    Finished,

    /// <summary>The list is another than the one begun: what was collected is thrown away, offset 0 is next.</summary>
    ListChanged,

    Malformed,
}
