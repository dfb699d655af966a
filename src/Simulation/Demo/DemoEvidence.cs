namespace XenDmHost.Simulation.Demo;

/// <summary>Where a device's data is found outside the guest, and which facts of the guest's report it must agree with.</summary>
/// <param name="File">Its name in the demo's folder.</param>
/// <param name="Hash">The fact with the SHA-256 of the bytes.</param>
/// <param name="Offset">The fact with the place of the first byte; null for the file's beginning.</param>
/// <param name="Length">The fact with the number of bytes; null for the whole file.</param>
internal sealed record DemoEvidence(string File, string Hash, string? Offset = null, string? Length = null)
{
    /// <summary>A PNG file, of which the pixels count; the fact is about the first of the guest's "pictures".</summary>
    internal bool IsPicture { get; init; }
}
