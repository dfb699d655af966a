using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.RustVmm;

/// <summary>Every rule that the stand-ins keep is held against the crates that it was measured of.</summary>
public sealed class RustVmmRulesTests(RustVmmBackEnd backEnd) : MeasuredXenRules(backEnd), IClassFixture<RustVmmBackEnd>
{
    /// <summary>As the vm-memory of this build, which is older than 0.17.</summary>
    [Fact]
    public void A_region_longer_than_its_file_is_nacked()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 2 * TestGuest.Size, TestGuest.Base));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fd);
    }
}
