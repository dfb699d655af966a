namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>The rules, held against the daemon that they were measured of.</summary>
public sealed class DebianGpuTests(DebianGpu backEnd) : GpuRules(backEnd), IClassFixture<DebianGpu>;
