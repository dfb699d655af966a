using XenDmHost.Simulation.Cli;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>A simulated platform in a folder of its own, with short limits.</summary>
internal sealed class TestPlatform : IDisposable
{
    internal const ulong FirstWindow = 0x2000000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xendmhost-sim");

    internal TestPlatform(int devices = 1, int banks = 1, int vcpus = 2, double accessSeconds = 60)
    {
        Options = new GuestOptions
        {
            Directory = _folder.FullName,
            DomId = 7,
            Devices = devices,
            Banks = banks,
            Vcpus = vcpus,
            MemoryMiB = 16,
            BootLimit = TimeSpan.Zero,
            AccessLimit = TimeSpan.FromSeconds(accessSeconds),
        };
        Platform = new SimulatedPlatform(Options);
    }

    internal GuestOptions Options { get; }

    internal SimulatedPlatform Platform { get; }

    internal string HypervisorSocket => Path.Combine(_folder.FullName, SimulatedPlatform.HypervisorSocket);

    internal HypercallClient Connect() => new(HypervisorSocket, Options.DomId);

    /// <summary>A host that serves these devices, each with its interrupt; device n has interrupt 33 + n.</summary>
    internal FakeHost Attach(params FakeMmioDevice[] devices)
    {
        var host = new FakeHost(
            _folder.FullName,
            Options.DomId,
            request => devices.FirstOrDefault(d => request.Address - d.Start < 0x200)?.Answer(request) ?? ulong.MaxValue,
            [.. devices.Select(d => d.Start)]);
        foreach (var device in devices)
        {
            device.Ram = host.Ram;
            device.Irq = host.OpenIrq(33 + (uint)((device.Start - FirstWindow) / 0x200));
        }

        return host;
    }

    public void Dispose()
    {
        Platform.Dispose();
        _folder.Delete(recursive: true);
    }
}
