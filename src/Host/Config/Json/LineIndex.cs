namespace XenDmHost.Host.Config.Json;

/// <summary>Turns byte offsets of a file into lines and columns, both counted from 1. Lines end with a line feed.</summary>
internal sealed class LineIndex
{
    private readonly List<int> starts = [0];

    internal LineIndex(ReadOnlySpan<byte> utf8)
    {
        for (int i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
            {
                starts.Add(i + 1);
            }
        }
    }

    internal (int Line, int Column) At(long offset)
    {
        int found = starts.BinarySearch((int)offset);
        int line = found >= 0 ? found : ~found - 1;
        return (line + 1, (int)offset - starts[line] + 1);
    }
}
