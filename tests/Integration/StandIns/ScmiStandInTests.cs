using System.Text;

namespace XenDmHost.IntegrationTests.StandIns;

public sealed class ScmiStandInTests
{
    private const uint Base = 0x10, Sensor = 0x15;
    private const int NotSupported = -1, InvalidParameters = -2, NotFound = -4, CommunicationError = -7;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_base_protocol_says_what_the_daemon_says(bool xen)
    {
        using StandInScene scene = new(xen, 2, "scmi");
        Assert.Equal(Words(0, 0x20000), Ask(scene, Base, 0));
        Assert.Equal(Words(0, 1), Ask(scene, Base, 1));
        Assert.Equal([0, 0, 0, 0, .. Encoding.ASCII.GetBytes("rust-vmm"), 0, 0, 0, 0, 0, 0, 0, 0], Ask(scene, Base, 3));
        Assert.Equal(Words(0, 0), Ask(scene, Base, 5));
        Assert.Equal(Words(0, 1, (int)Sensor), Ask(scene, Base, 6, 0));
        Assert.Equal(Words(0, 0), Ask(scene, Base, 6, 1));
    }

    [Fact]
    public void A_sensor_is_described_and_read_once_it_is_enabled()
    {
        using StandInScene scene = new(xen: true, 2, "scmi", "--sensor", "bar");
        Assert.Equal(Words(0, 0x30000), Ask(scene, Sensor, 0));
        Assert.Equal(Words(0, 1, 0, 0, 0), Ask(scene, Sensor, 1));
        byte[] description = Ask(scene, Sensor, 3, 0);
        Assert.Equal(Words(0, 1, 0, 0), description[..16]);
        Assert.Equal([(byte)'b', (byte)'a', (byte)'r', 0], description[20..24]);
        Assert.Equal(Words(InvalidParameters), Ask(scene, Sensor, 6, 0, 0));
        Assert.Equal(Words(0), Ask(scene, Sensor, 10, 0, 1));
        Assert.Equal(Words(0, 0, 0, 0, 0, 100, 0, 0, 0, 200, 0, 0, 0), Ask(scene, Sensor, 6, 0, 0));
        Assert.Equal(Words(0, 1), Ask(scene, Sensor, 6, 0, 0)[..8]);
    }

    [Theory]
    [InlineData(Base, 4, NotSupported)]
    [InlineData(Base, 200, NotSupported)]
    [InlineData(0x14, 0, NotSupported)]
    [InlineData(Base, 2, InvalidParameters)]
    [InlineData(Base, 2, NotFound, 4)]
    [InlineData(Base, 6, InvalidParameters, 2)]
    [InlineData(Sensor, 3, InvalidParameters, 1)]
    [InlineData(Sensor, 6, NotSupported, 0, 1)]
    public void What_the_daemon_has_not_is_refused(uint protocol, uint message, int status, params int[] parameters)
    {
        using StandInScene scene = new(xen: true, 2, "scmi");
        Assert.Equal(Words(status), Ask(scene, protocol, message, parameters));
    }

    [Fact]
    public void An_answer_that_does_not_fit_is_a_communication_error()
    {
        using StandInScene scene = new(xen: true, 2, "scmi");
        Assert.Equal(Words(Header(Base, 3), CommunicationError), scene.Ask(0, Words(Header(Base, 3)), 12));
    }

    [Fact]
    public void A_message_without_room_for_a_status_breaks_the_ring()
    {
        using StandInScene scene = new(xen: true, 2, "scmi");
        scene.BreaksItsRing(0, (TestGuest.Base + 0x10000, 4, false), (TestGuest.Base + 0x11000, 4, true));
    }

    /// <summary>What follows the header, which comes back as it was sent.</summary>
    private static byte[] Ask(StandInScene scene, uint protocol, uint message, params int[] parameters)
    {
        byte[] answer = scene.Ask(0, Words([Header(protocol, message), .. parameters]), 256);
        Assert.Equal(Words(Header(protocol, message)), answer[..4]);
        return answer[4..];
    }

    private static int Header(uint protocol, uint message) => (int)(message | (protocol << 10) | (77 << 18));

    private static byte[] Words(params int[] words) => [.. words.SelectMany(BitConverter.GetBytes)];
}
