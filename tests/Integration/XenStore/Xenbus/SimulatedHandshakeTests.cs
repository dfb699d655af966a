namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

public sealed class SimulatedHandshakeTests(SimulatedXenStore store) : HandshakeContract(store), IClassFixture<SimulatedXenStore>;
