namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>A store that runs, as a test sees it from outside.</summary>
public interface IXenStore : IDisposable
{
    string SocketPath { get; }

    /// <summary>Ends the store and starts an empty one on the same socket.</summary>
    void Restart();
}
