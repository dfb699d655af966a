namespace XenDmHost.Host.XenStore;

/// <summary>
/// Joins the answers to DIRECTORY_PART: each holds the list's generation, then children; an empty string behind the
/// last child ends the list.
/// </summary>
internal sealed class DirectoryParts
{
    private readonly List<string> _names = [];
    private string? _generation;

    /// <summary>Bytes of the list that have come in: the offset to ask for next.</summary>
    internal int Offset { get; private set; }

    internal List<string> Names => _names;

    internal DirectoryPartStatus Add(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[^1] != 0) return DirectoryPartStatus.Malformed;
        List<string> strings = WireText.Split(payload);
        if (IsAnotherList(strings[0])) return DirectoryPartStatus.ListChanged;
        int before = Offset;
        foreach (string name in strings.Skip(1))
        {
            if (name.Length == 0) return DirectoryPartStatus.Finished;
            _names.Add(name);
            Offset += name.Length + 1;
        }

        // A part without a child and without an end would be asked for again for ever.
        return Offset > before ? DirectoryPartStatus.More : DirectoryPartStatus.Malformed;
    }

    private bool IsAnotherList(string generation)
    {
        bool changed = _generation is not null && _generation != generation;
        _generation = generation;
        if (!changed) return false;

        // Whatever this part holds belongs behind an offset into the old list.
        _names.Clear();
        Offset = 0;
        return true;
    }
}
