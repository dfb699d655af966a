namespace XenDmHost.IntegrationTests.StandIns;

public sealed class StandInXenRulesTests(StandInXenBackEnd backEnd) : MeasuredXenRules(backEnd), IClassFixture<StandInXenBackEnd>
{
    /// <summary>As vm-memory from 0.17 on; the other form does what older ones do.</summary>
    [Fact]
    public void A_region_longer_than_its_file_is_not_noticed()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 2 * TestGuest.Size, TestGuest.Base));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
    }
}
