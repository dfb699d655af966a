namespace XenDmHost.IntegrationTests.StandIns.Gpu;

public sealed class StandInXenGpuTests(StandInXenGpu backEnd) : StandInGpuTests(backEnd), IClassFixture<StandInXenGpu>;
