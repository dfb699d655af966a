namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>The tests that share one build of the guide's plugin.</summary>
[CollectionDefinition(OutsidePlugin.Collection)]
public sealed class OutsidePluginGroup : ICollectionFixture<OutsidePlugin>;
