namespace XenDmHost.Simulation.Native;

/// <summary>
/// Keeps a descriptor open for the length of one call. Without it another thread could close the descriptor meanwhile
/// and the kernel hand its number to an unrelated file.
/// </summary>
internal readonly ref struct Lease
{
    private readonly FileDescriptor _owner;

    internal Lease(FileDescriptor owner)
    {
        bool added = false;
        owner.DangerousAddRef(ref added);
        _owner = owner;
    }

    internal int Fd => _owner.Value;

    public void Dispose() => _owner.DangerousRelease();
}
