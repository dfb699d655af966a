namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>Every stand-in in both forms, and the real crates that they were measured of.</summary>
internal static class BackEndsUnderTest
{
    /// <summary>A disk that nothing is written to: any file of whole sectors will do.</summary>
    private static readonly string DiskImage = MakeImage();

    internal static IReadOnlyDictionary<string, BackEndUnderTest> All { get; } =
        StandIns().Concat(RealOnes()).ToDictionary(backEnd => backEnd.Name);

    private static IEnumerable<BackEndUnderTest> StandIns() =>
    [
        .. StandIn(new("blk", 2) { Request = Padded(16, 8), Room = [20, 1] }, "--image", DiskImage, "--queues", "2"),
        .. StandIn(new("scsi", 3) { Queue = 2, Request = Padded(51, 1), Room = [108] }, "--image", DiskImage),
        .. StandIn(new("fs", 2) { Queue = 1, Request = Padded(40), Room = [16] }, "--shared-dir", AppContext.BaseDirectory, "--tag", "shared"),
        .. StandIn(new("snd", 4) { Request = Padded(16), Room = [4] }),
        .. StandIn(new("rng", 1) { Room = [64] }),
        .. StandIn(new("console", 4) { Queue = 1, Request = "hello"u8.ToArray() }),
        .. StandIn(new("gpio", 2) { Request = Padded(8, 2), Room = [2] }),
        .. StandIn(new("scmi", 2) { Request = [0, 0x40, 0, 0], Room = [64] }),
        .. StandIn(new("gpu", 2) { Queue = 1, Request = Padded(56) }),
        .. StandIn(new("input", 2) { Queue = 1, Request = Padded(8) }),
        .. StandIn(new("vsock", 3) { Queue = 1, Request = Padded(44) }, "--uds-path", "{dir}/port"),
        .. StandIn(new("net", 2) { Queue = 1, Request = Padded(26) }),
        .. StandIn(new("i2c", 1) { Request = Padded(8), Room = [1] }),
    ];

    /// <summary>The plain form goes by vm-memory up to 0.16, the one for Xen by what came later.</summary>
    private static IEnumerable<BackEndUnderTest> StandIn(BackEndUnderTest device, params string[] options)
    {
        string[] arguments = [device.Name, .. options, "--max-queue-size", "64", "--offer-bit", "33", "--protocol-features", "a209"];
        yield return device with { Name = $"stand-in {device.Name}, plain", NoticesLongRegions = true, Arguments = arguments };
        yield return device with { Name = $"stand-in {device.Name}, xen", Xen = true, Arguments = [.. arguments, "--xen"] };
    }

    /// <summary>Built for Xen, on a vm-memory that is older than 0.17.</summary>
    private static IEnumerable<BackEndUnderTest> RealOnes() =>
    [
        Real(new("blk", 2) { Request = Padded(16, 8), Room = [20, 1] }, "--image", DiskImage, "--queues", "2"),
        Real(new("rng", 1) { Room = [64], Config = false }),
    ];

    private static BackEndUnderTest Real(BackEndUnderTest device, params string[] options) => device with
    {
        Name = $"rust-vmm {device.Name}",
        Xen = true,
        NoticesLongRegions = true,
        ServesManyClients = false,
        Arguments = ["--device", device.Name, "--max-queue-size", "64", "--offer-bit", "33", .. options],
    };

    private static string MakeImage()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "rules-disk");
        File.WriteAllBytes(path, new byte[1 << 20]);
        return path;
    }

    private static byte[] Padded(int size, params byte[] beginning)
    {
        byte[] bytes = new byte[size];
        beginning.CopyTo(bytes, 0);
        return bytes;
    }
}
