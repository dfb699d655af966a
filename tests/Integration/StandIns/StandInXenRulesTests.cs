namespace XenDmHost.IntegrationTests.StandIns;

public sealed class StandInXenRulesTests(StandInXenBackEnd backEnd) : MeasuredXenRules(backEnd), IClassFixture<StandInXenBackEnd>;
