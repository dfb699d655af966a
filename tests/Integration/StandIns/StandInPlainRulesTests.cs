namespace XenDmHost.IntegrationTests.StandIns;

public sealed class StandInPlainRulesTests(StandInPlainBackEnd backEnd) : MeasuredRules(backEnd), IClassFixture<StandInPlainBackEnd>
{
    [Fact]
    public void Regions_of_40_bytes_are_nacked()
    {
        using WireClient client = Negotiated();
        byte[] region = [.. Guest.Region(), .. Wire.State(0, 5)];
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(region), Guest.Fd);
    }

    /// <summary>As vm-memory up to 0.16; the other form does what newer ones do.</summary>
    [Fact]
    public void A_region_longer_than_its_file_is_nacked()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 2 * TestGuest.Size, TestGuest.Base));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fd);
    }
}
