namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>The daemons of one class of tests. One that serves many clients is started once, and again if it has died.</summary>
public sealed class BackEndPool : IDisposable
{
    private readonly Dictionary<string, BackEndProcess> _kept = [];

    internal BackEndProcess Lend(BackEndUnderTest backEnd)
    {
        if (_kept.TryGetValue(backEnd.Name, out BackEndProcess? kept))
        {
            if (backEnd.ServesManyClients && !kept.HasExited) return kept;
            kept.Dispose();
        }

        return _kept[backEnd.Name] = backEnd.Start();
    }

    public void Dispose()
    {
        foreach (BackEndProcess process in _kept.Values) process.Dispose();
    }
}
