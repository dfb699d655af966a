namespace XenDmHost.IntegrationTests.StandIns.Gpu;

public sealed class StandInPlainGpuTests(StandInPlainGpu backEnd) : StandInGpuTests(backEnd), IClassFixture<StandInPlainGpu>;
