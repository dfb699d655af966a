using System.Text;

namespace XenDmHost.IntegrationTests.StandIns;

public sealed class ConsoleStandInTests
{
    private const int Receive = 0, Transmit = 1, ControlReceive = 2, ControlTransmit = 3;
    private const ulong At = TestGuest.Base + 0x10000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_recorded_and_comes_back_in_the_drivers_buffers(bool xen)
    {
        using StandInScene scene = new(xen, 2, "console", "--record", "{dir}/text");
        scene.Ring(Receive).Submit((At, 8, true));
        scene.Ring(Receive).Submit((At + 8, 8, true));
        Assert.Empty(scene.Ask(Transmit, Encoding.ASCII.GetBytes("hello, world"), 0));
        scene.Ring(Receive).Completed();
        Assert.Equal(2, scene.Ring(Receive).UsedIndex);
        Assert.Equal("hello, world", Encoding.ASCII.GetString(scene.Guest.Ram.Slice(0x10000, 12)));
        Assert.Equal("hello, world", File.ReadAllText(Path.Combine(scene.Process.Folder, "text")));
    }

    [Fact]
    public void Text_waits_for_a_buffer_of_the_drivers()
    {
        using StandInScene scene = new(xen: true, 2, "console");
        scene.Ask(Transmit, [65, 66, 67], 0);
        Assert.Equal([65, 66, 67], scene.Ask(Receive, [], 100));
    }

    [Fact]
    public void A_stopped_queue_gives_its_buffers_back_empty()
    {
        using StandInScene scene = new(xen: true, 2, "console");
        scene.Ring(Receive).SubmitUntilTaken(() => scene.Ring(Receive).Submit((At, 8, true)));
        scene.Client.Ask(Wire.GetVringBase, Wire.State(Receive, 0));
        Assert.Equal((0u, 0u), scene.Ring(Receive).Completed());
    }

    [Fact]
    public void The_port_is_added_named_and_opened()
    {
        using StandInScene scene = new(xen: true, 4, "console");
        scene.Ask(ControlTransmit, Control(0), 0);
        Assert.Equal(Control(1), scene.Ask(ControlReceive, [], 64));
        scene.Ask(ControlTransmit, Control(3), 0);
        Assert.Equal(Control(4), scene.Ask(ControlReceive, [], 64));
        Assert.Equal([.. Control(7), .. Encoding.ASCII.GetBytes("org.test.foo!")], scene.Ask(ControlReceive, [], 64));
        Assert.Equal(Control(6), scene.Ask(ControlReceive, [], 64));
    }

    [Fact]
    public void A_control_message_that_means_nothing_breaks_the_ring()
    {
        using StandInScene scene = new(xen: true, 4, "console");
        Control(9).CopyTo(scene.Guest.Ram.Slice(0x10000, 8));
        scene.BreaksItsRing(ControlTransmit, (At, 8, false));
    }

    [Fact]
    public void A_buffer_for_input_that_cannot_be_written_breaks_the_ring()
    {
        using StandInScene scene = new(xen: true, 4, "console");
        scene.BreaksItsRing(Receive, (At, 8, false));
    }

    private static byte[] Control(byte code) => [0, 0, 0, 0, code, 0, 1, 0];
}
