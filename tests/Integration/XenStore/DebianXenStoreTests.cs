namespace XenDmHost.IntegrationTests.XenStore;

public sealed class DebianXenStoreTests(DebianXenStore store) : XenStoreContract(store), IClassFixture<DebianXenStore>;
