namespace XenDmHost.IntegrationTests.StandIns.Gpu;

public sealed class StandInPlainGpuTests(StandInPlainGpu backEnd) : GpuRules(backEnd), IClassFixture<StandInPlainGpu>;

public sealed class StandInXenGpuTests(StandInXenGpu backEnd) : GpuRules(backEnd), IClassFixture<StandInXenGpu>;
