namespace XenDmHost.UnitTests.Plugins;

/// <summary>A folder that is gone at the end of the test.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("xendmhost-plugins-").FullName;

    /// <summary>Makes a folder below this one.</summary>
    internal string Folder(params string[] names) =>
        Directory.CreateDirectory(System.IO.Path.Combine([Path, .. names])).FullName;

    /// <summary>Writes a file below this folder and returns its path.</summary>
    internal string File(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
