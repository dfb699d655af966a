namespace XenDmHost.Simulation.Native;

/// <summary>The event bits of poll(2), by their Linux values.</summary>
[Flags]
internal enum PollEvents : short
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    Invalid = 0x20,
}
