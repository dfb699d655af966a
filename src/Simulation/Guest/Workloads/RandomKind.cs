namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>What a random access is.</summary>
internal enum RandomKind
{
    /// <summary>An aligned 32-bit access to a register that exists.</summary>
    Register,

    /// <summary>Any offset, width and alignment in and around the windows.</summary>
    Anywhere,

    /// <summary>With a repetition count, ascending or descending.</summary>
    Repeated,

    /// <summary>The data is said to lie in guest memory.</summary>
    DataIsPointer,

    /// <summary>Not an access to memory at all, or of a type that does not exist.</summary>
    OtherType,

    /// <summary>Status = 0.</summary>
    Reset,

    /// <summary>A whole valid bring-up with queues, and the removal, while others disturb it.</summary>
    BringUp,
}
