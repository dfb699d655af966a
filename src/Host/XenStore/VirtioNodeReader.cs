namespace XenDmHost.Host.XenStore;

/// <summary>Reads the nodes of one folder and keeps the first problem met, as one line that names the node.</summary>
internal sealed class VirtioNodeReader(XenStoreOperations store, string folder)
{
    /// <summary>Empty when all went well.</summary>
    internal string Problem { get; private set; } = "";

    internal string Text(string name)
    {
        XenStoreResult<string> value = store.Read($"{folder}/{name}");
        if (!value.Ok) Report(name, value.Error == XenStoreError.ENOENT ? "is missing" : $"cannot be read: {value.Error}");
        return value.Ok ? value.Value : "";
    }

    internal string TextOr(string name, string absent)
    {
        XenStoreResult<string> value = store.Read($"{folder}/{name}");
        if (value.Error == XenStoreError.ENOENT) return absent;
        if (!value.Ok) Report(name, $"cannot be read: {value.Error}");
        return value.Ok ? value.Value : absent;
    }

    internal uint Number(string name) => (uint)Parse(name, Text(name), uint.MaxValue);

    internal ulong NumberOr(string name, ulong absent, ulong most = ulong.MaxValue) =>
        TextOr(name, "") is { Length: > 0 } text ? Parse(name, text, most) : absent;

    internal ulong? SizeOrNull(string name)
    {
        string text = TextOr(name, "");
        if (text.Length == 0) return null;
        if (StoreNumber.TryParseSize(text, out ulong size)) return size;
        Report(name, $"'{text}' is no size; expected a number such as 0x200 or 4K");
        return null;
    }

    internal bool Flag(string name) => Parse(name, Text(name), 1) == 1;

    internal bool FlagOr(string name, bool absent) => NumberOr(name, absent ? 1u : 0, 1) == 1;

    internal void Check(bool good, string name, string complaint)
    {
        if (!good) Report(name, complaint);
    }

    private ulong Parse(string name, string text, ulong most)
    {
        bool good = StoreNumber.TryParse(text, out ulong value) && value <= most;
        if (!good) Report(name, $"'{text}' is no number from 0 to {most}");
        return good ? value : 0;
    }

    private void Report(string name, string complaint)
    {
        if (Problem.Length == 0) Problem = $"{folder}/{name}: {complaint}";
    }
}
