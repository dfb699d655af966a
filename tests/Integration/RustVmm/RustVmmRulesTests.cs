using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.RustVmm;

/// <summary>Every rule that the stand-ins keep is held against the crates that it was measured of.</summary>
public sealed class RustVmmRulesTests(RustVmmBackEnd backEnd) : MeasuredXenRules(backEnd), IClassFixture<RustVmmBackEnd>;
