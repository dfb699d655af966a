namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>A file for the time of a test.</summary>
internal sealed class TestFile : IDisposable
{
    internal TestFile(byte[] content) => File.WriteAllBytes(Path, content);

    internal string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
