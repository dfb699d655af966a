namespace XenDmHost.IntegrationTests.XenStore;

public sealed class SimulatedXenStoreTests(SimulatedXenStore store) : XenStoreContract(store), IClassFixture<SimulatedXenStore>;
