using System.Text;

namespace XenDmHost.IntegrationTests.StandIns;

public sealed class GpioStandInTests
{
    private const int Requests = 0, Events = 1;
    private const byte Names = 1, GetDirection = 2, SetDirection = 3, GetValue = 4, SetValue = 5, IrqType = 6;
    private const byte Out = 1, In = 2, RisingEdge = 1;
    private static readonly byte[] Error = [1, 0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_have_names_and_keep_levels_and_directions(bool xen)
    {
        using StandInScene scene = new(xen, 2, "gpio");
        Assert.Equal([8, 0, 0, 0, 56, 0, 0, 0], scene.Client.Ask(Wire.GetConfig, Wire.Config(0, 8)).Payload[12..]);
        byte[] names = scene.Ask(Requests, Request(Names, 0), 57);
        Assert.Equal("\0dummy0\0dummy1\0dummy2\0dummy3\0dummy4\0dummy5\0dummy6\0dummy7\0", Encoding.ASCII.GetString(names));
        Assert.Equal([0, 0], Ask(scene, GetDirection, 3));
        Assert.Equal([0, 0], Ask(scene, SetValue, 3, 1));
        Assert.Equal([0, 0], Ask(scene, SetDirection, 3, Out));
        Assert.Equal([0, Out], Ask(scene, GetDirection, 3));
        Assert.Equal([0, 1], Ask(scene, GetValue, 3));
    }

    /// <summary>As the real daemon, whatever the specification leaves open.</summary>
    [Theory]
    [InlineData(GetValue, 0, 0)]
    [InlineData(SetValue, 0, 2)]
    [InlineData(SetDirection, 0, Out)]
    [InlineData(SetDirection, 0, 10)]
    [InlineData(GetDirection, 8, 0)]
    [InlineData(IrqType, 0, 0)]
    [InlineData(IrqType, 0, 0x10)]
    [InlineData(100, 0, 0)]
    public void Requests_that_the_daemon_refuses_end_in_an_error(byte message, ushort line, byte value)
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        Assert.Equal(Error, Ask(scene, message, line, value));
    }

    [Fact]
    public void An_interrupt_type_is_changed_by_way_of_none_alone()
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        Assert.Equal([0, 0], Ask(scene, IrqType, 1, RisingEdge));
        Assert.Equal(Error, Ask(scene, IrqType, 1, 2));
        Assert.Equal([0, 0], Ask(scene, IrqType, 1, 0));
        Assert.Equal([0, 0], Ask(scene, IrqType, 1, 2));
    }

    [Fact]
    public void Room_that_is_not_the_answers_gets_an_error()
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        Assert.Equal(Error, scene.Ask(Requests, Request(GetDirection, 0), 3));
        Assert.Equal(Error, scene.Ask(Requests, Request(Names, 0), 20));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_edge_on_the_wire_is_an_interrupt_of_the_line_at_its_end(bool armedBefore)
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        Ask(scene, SetValue, 0, 0);
        Ask(scene, SetDirection, 0, Out);
        Ask(scene, SetDirection, 1, In);
        Ask(scene, IrqType, 1, RisingEdge);
        if (armedBefore) scene.Ring(Events).SubmitUntilTaken(() => Arm(scene, 1));
        Ask(scene, SetValue, 0, 1);
        if (!armedBefore) Arm(scene, 1);
        scene.Ring(Events).Completed();
        Assert.Equal(1, scene.Guest.Ram.Slice(0x12000, 1)[0]);
        Assert.Equal([0, 1], Ask(scene, GetValue, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_buffer_of_a_line_whose_interrupt_is_off_comes_back_invalid(bool armedBefore)
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        if (armedBefore) Ask(scene, IrqType, 1, RisingEdge);
        scene.Guest.Ram.Slice(0x12000, 1)[0] = 0xff;
        if (armedBefore) scene.Ring(Events).SubmitUntilTaken(() => Arm(scene, 1));
        else Arm(scene, 1);
        if (armedBefore) Ask(scene, IrqType, 1, 0);
        scene.Ring(Events).Completed();
        Assert.Equal(0, scene.Guest.Ram.Slice(0x12000, 1)[0]);
    }

    [Fact]
    public void A_request_of_another_size_breaks_the_ring()
    {
        using StandInScene scene = new(xen: true, 2, "gpio");
        scene.BreaksItsRing(Requests, (TestGuest.Base + 0x10000, 7, false), (TestGuest.Base + 0x11000, 2, true));
    }

    private static byte[] Ask(StandInScene scene, byte message, ushort line, byte value = 0) =>
        scene.Ask(Requests, Request(message, line, value), 2);

    private static byte[] Request(byte message, ushort line, byte value = 0) => [message, 0, (byte)line, 0, value, 0, 0, 0];

    private static void Arm(StandInScene scene, byte line)
    {
        scene.Guest.Ram.Slice(0x11000, 1)[0] = line;
        scene.Ring(Events).Submit((TestGuest.Base + 0x11000, 2, false), (TestGuest.Base + 0x12000, 1, true));
    }
}
