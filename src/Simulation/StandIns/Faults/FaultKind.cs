namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>Ways in which a stand-in misbehaves on purpose; README.md says what each one does.</summary>
internal enum FaultKind
{
    RefuseNack,
    RefuseEof,
    Silent,
    ShortReply,
    CutReply,
    OversizedReply,
    WrongIdReply,
    UnexpectedFds,
    PoisonKick,
    PoisonKickBlocking,
    PoisonCall,
    PoisonCallDrain,
    ShrinkMemory,
    ConfigShort,
    ConfigLong,
    DropBit,
    ExitAfter,
    CrashOnKick,
    CrashOnChain,
    CrashHalfDone,
    CrashOnEnable,
}
