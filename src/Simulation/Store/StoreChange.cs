namespace XenDmHost.Simulation.Store;

/// <summary>A change that watches hear of.</summary>
/// <param name="Path">What was written or removed.</param>
/// <param name="Removed">The node that is gone with all below it; null when it was written.</param>
internal readonly record struct StoreChange(string Path, StoreNode? Removed);
