namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>What grants are mapped through. What it has mapped is let go of with it at the latest.</summary>
internal interface IGrantDevice : IDisposable
{
    /// <summary>Maps grants whose references follow each other; gives 0 or the error.</summary>
    /// <param name="domid">Who granted them.</param>
    /// <param name="first">The first reference.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="writable">Whether they shall be written to, which some grants do not allow.</param>
    /// <param name="mapping">What is mapped.</param>
    int TryMap(uint domid, uint first, ulong size, bool writable, out GrantMapping? mapping);
}
