namespace XenDmHost.Simulation.Store;

/// <summary>Somebody who wants to hear of changes at or below a path, or of a special name.</summary>
/// <param name="Path">Absolute, or special.</param>
/// <param name="Relative">Whether it was asked for, and is told, relative to dom0's own folder.</param>
/// <param name="Token">The client's.</param>
/// <param name="Deliver">Given the path to tell; must not block.</param>
internal sealed record StoreWatch(string Path, bool Relative, string Token, Action<string> Deliver)
{
    internal void Fire(string path) => Deliver(Relative ? path[(StorePaths.OwnDomain.Length + 1)..] : path);
}
