namespace XenDmHost.IntegrationTests.Faults;

/// <summary>These tests count what their own process has open, so nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultGroup : ICollectionFixture<HealthyBackEnds>
{
    internal const string Name = "Faults";
}
