using XenDmHost.Simulation.Guest.Transport;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest.Workloads;

/// <summary>
/// Invents requests that a hostile or broken guest could make. The same seed invents the same ones, however the vCPUs
/// interleave.
/// </summary>
internal sealed class RandomRequests(IReadOnlyList<GuestDevice> devices, int seed)
{
    private static readonly uint[] Sizes = [1, 2, 4, 8];
    private static readonly MmioRegister[] Registers = Enum.GetValues<MmioRegister>();
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 0xb, 0xf, 0x40, 0x4f, 0x80, 0xff, 0x100, 0x400, 0x7fff, 0x8000, 0xffff, 0x10000,
        0x4000_0000, 0x4000_1000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 0x2_0000_0000, 0x8000_0000_0000_0000,
        ulong.MaxValue,
    ];

    private readonly Random _random = new(seed);

    internal RandomKind NextKind() => _random.Next(1000) switch
    {
        < 550 => RandomKind.Register,
        < 840 => RandomKind.Anywhere,
        < 900 => RandomKind.Repeated,
        < 940 => RandomKind.DataIsPointer,
        < 988 => RandomKind.OtherType,
        < 998 => RandomKind.Reset,
        _ => RandomKind.BringUp,
    };

    internal GuestDevice NextDevice() => devices[_random.Next(devices.Count)];

    internal IoreqRequest Next(RandomKind kind) => kind switch
    {
        RandomKind.Register => new(IoreqType.Copy, NextDevice().Base + (uint)Pick(Registers), NextValue(), 4, NextBool()),
        RandomKind.Repeated => Anywhere() with { Count = NextCount(), Descending = NextBool() },
        RandomKind.DataIsPointer => Anywhere() with { DataIsPointer = true, Data = NextValue(), Count = NextBool() ? 1 : NextCount() },
        RandomKind.OtherType => Anywhere() with { Type = NextOtherType(), Size = NextBool() ? Pick(Sizes) : (uint)_random.Next(0, 300) },
        RandomKind.Reset => IoreqRequest.Write(NextDevice().Base + (uint)MmioRegister.Status, 4, 0),
        _ => Anywhere(),
    };

    private IoreqRequest Anywhere() =>
        new(IoreqType.Copy, NextDevice().Base + NextOffset(), NextValue(), Pick(Sizes), NextBool());

    /// <summary>Mostly inside; sometimes just before, across the end or behind.</summary>
    private ulong NextOffset() => _random.Next(20) == 0
        ? unchecked((ulong)_random.Next(-16, (int)VirtioMmioWindow.Size + 16))
        : (ulong)_random.Next((int)VirtioMmioWindow.Size - 7);

    private ulong NextValue() => _random.Next(4) switch
    {
        0 => (ulong)_random.NextInt64(),
        1 => (ulong)_random.Next(0, 1024),
        _ => Pick(Interesting),
    };

    private uint NextCount() => _random.Next(8) == 0 ? (uint)_random.NextInt64(0, uint.MaxValue + 1L) : (uint)_random.Next(0, 8);

    private IoreqType NextOtherType() => _random.Next(5) switch
    {
        0 => IoreqType.Pio,
        1 => IoreqType.PciConfig,
        2 => IoreqType.TimeOffset,
        3 => IoreqType.Invalidate,
        _ => (IoreqType)_random.Next(256),
    };

    private bool NextBool() => _random.Next(2) == 0;

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
