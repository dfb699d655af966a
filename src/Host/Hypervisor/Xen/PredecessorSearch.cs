namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// Which of a guest's ioreq servers an earlier host has left. It is the one that is noted. Without a note, as after a host
/// with another runtime folder, it is one that nobody serves; but another emulator's looks like that too between its making
/// and the binding of its ports, so that nothing is touched before a moment has passed in which an emulator gets that done.
/// </summary>
internal static class PredecessorSearch
{
    /// <summary>Finds it.</summary>
    /// <param name="noted">The noted server; null for none.</param>
    /// <param name="servers">The ids that there can be.</param>
    /// <param name="exists">Whether there is a server with an id; changes nothing.</param>
    /// <param name="isOrphan">Whether it was enabled and nobody has bound its ports; binds one for a moment.</param>
    /// <param name="pause">Lets that moment pass.</param>
    /// <returns>The server's id; null when no host has left one.</returns>
    internal static ushort? Find(ushort? noted, IEnumerable<ushort> servers, Predicate<ushort> exists, Predicate<ushort> isOrphan, Action pause)
    {
        ushort[] candidates = [.. servers.Where(id => (noted is null || id == noted) && exists(id))];
        if (candidates.Length == 0)
        {
            return null;
        }

        if (noted is { } own && isOrphan(own))
        {
            return own;
        }

        // One that is noted and in use is still a process's that is about to end.
        pause();
        return candidates.Where(id => isOrphan(id)).Select(id => (ushort?)id).FirstOrDefault();
    }
}
