namespace XenDmHost.UnitTests.Config;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("xendmhost-config-").FullName;

    internal string Write(string name, string text)
    {
        string file = $"{Path}/{name}";
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
