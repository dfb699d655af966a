using CsCheck;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Devices.Console;
using XenDmHost.Simulation.StandIns.Devices.Gpio;
using XenDmHost.Simulation.StandIns.Devices.Rng;
using XenDmHost.Simulation.StandIns.Devices.Scmi;
using XenDmHost.Simulation.StandIns.Devices.Sound;
using XenDmHost.Simulation.StandIns.Memory;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.UnitTests.StandIns;

/// <summary>A test of the host must fail by the host's fault, never because a stand-in choked on what it was sent.</summary>
public sealed class HostileInputTests
{
    private const ulong Base = 0x4000_0000;
    private const int RamSize = 0x4000;

    private static SoundDevice Device() => new(new SoundShape(1, 2, 1), recording: null);

    private static IStandInDevice Device(string kind) => kind switch
    {
        "rng" => new RngDevice(new MemoryStream([1, 2, 3]), recording: null),
        "console" => new ConsoleDevice(recording: null),
        "gpio" => new GpioDevice(lines: 8),
        "scmi" => new ScmiDevice("foo"),
        _ => Device(),
    };

    private static readonly Gen<(uint Id, byte[] Payload, int Descriptors)> Requests = Gen.Select(
        Gen.UInt[0, 64],
        Gen.OneOf(
            Gen.Byte.Array[0, 128],
            Gen.UInt[0, 4].Select(Gen.UInt, (index, value) => (byte[])[.. BitConverter.GetBytes(index), .. BitConverter.GetBytes(value)]),
            Gen.ULong[0, 1UL << 34].Select(BitConverter.GetBytes)),
        Gen.Int[0, 3]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_sequence_of_requests_is_an_exception(bool xen) => Requests.Array[1, 30].Sample(requests =>
    {
        StandInOptions options = new() { Socket = "", Xen = xen };
        using RequestHandler handler = new(options, Device(), connection: 0, log: _ => { });
        foreach ((uint id, byte[] payload, int descriptors) in requests)
        {
            List<FileDescriptor> fds = [.. Enumerable.Range(0, descriptors).Select(_ => EventFd.Create(nonBlocking: true).Fd)];
            using VhostUserMessage message = new(id, VhostUserMessage.Version, payload, fds);
            Assert.NotNull(handler.Handle(message).Reply);
        }
    });

    /// <summary>Small numbers, so that descriptors point into the ring, into each other and just past the end.</summary>
    private static readonly Gen<byte[]> RingBytes = Gen.Select(
        Gen.ULong[Base - 16, Base + RamSize + 16], Gen.UInt[0, 600], Gen.UShort[0, 7], Gen.UShort[0, 9],
        (address, length, flags, next) => (byte[])[.. BitConverter.GetBytes(address), .. BitConverter.GetBytes(length),
            .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(next)]).Array[8].Select(parts => parts.SelectMany(part => part).ToArray());

    [Theory]
    [InlineData("snd")]
    [InlineData("rng")]
    [InlineData("console")]
    [InlineData("gpio")]
    [InlineData("scmi")]
    public void No_content_of_a_ring_is_an_exception_or_an_endless_loop(string kind) =>
        Gen.Select(RingBytes, Gen.UShort[0, 9].Array[8], Gen.UShort[0, 10], Gen.Int[0, 3]).Sample((table, heads, index, queue) =>
        {
            using FileDescriptor file = Memfd.Create("ram", RamSize, @sealed: true);
            using GuestMemory memory = new();
            memory.Replace([MappedRegion.TryMap(new MemoryRegion(Base, RamSize, Base, 0), file, xen: false, out _)!]);
            using Mapping ram = Mapping.Map(file, 0, RamSize, writable: true);
            table.CopyTo(ram.Slice(0, table.Length));
            for (int i = 0; i < heads.Length; i++) ram.WriteU16(0x404 + (2 * i), heads[i]);
            ram.WriteU16(0x402, index);

            using QueueSet queues = new(Device(kind), memory, maximumSize: 8, log: _ => { });
            Vring ring = queues.Rings[queue % queues.Rings.Count];
            (ring.Descriptors, ring.Available, ring.Used, ring.Enabled) = (Base, Base + 0x400, Base + 0x800, true);
            ring.SetKick(EventFd.Create(nonBlocking: true));
            queues.Serve(ring.Index);

            Assert.True(ring.Broken || ring.NextAvailable == ram.ReadU16(0x402));
            queues.Stop(ring);
        });
}
