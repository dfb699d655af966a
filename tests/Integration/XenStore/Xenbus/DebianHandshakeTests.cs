namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

public sealed class DebianHandshakeTests(DebianXenStore store) : HandshakeContract(store), IClassFixture<DebianXenStore>;
