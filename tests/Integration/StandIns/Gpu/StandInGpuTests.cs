using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>The rules, and what the stand-in can do beyond Debian 12's daemon.</summary>
public abstract class StandInGpuTests(StandInGpu backEnd) : GpuRules(backEnd)
{
    private GpuScene With(params string[] options) => new GpuScene(backEnd, backEnd.Start(options)).Agreed();

    [Fact]
    public void The_front_ends_edid_reaches_the_driver_where_it_was_asked_for_by_scanout()
    {
        using GpuScene scene = new GpuScene(backEnd).Agreed(features: 1);
        byte[] edid = [.. GpuPeer.Words(GpuScene.OkEdid, 0, 0, 0, 0, 0, 128, 0), .. Pixels(16, 16)];
        scene.Submit(EdidCommand, GpuPeer.Words(2, 0));
        Assert.Equal(GpuPeer.Words(2), scene.Peer.Expect(GpuPeer.GetEdid));
        scene.Peer.Answer(GpuPeer.GetEdid, edid);
        byte[] answer = scene.Completed();
        Assert.Equal(1056, answer.Length);
        Assert.Equal(edid[24..], answer[24..]);
        Assert.Equal(InvalidParameter, scene.Do(EdidCommand, 16, 0));
    }

    [Fact]
    public void Without_edid_its_command_is_unknown()
    {
        using BackEndProcess process = backEnd.Start("--no-edid");
        using WireClient client = new(process.Socket);
        Assert.Equal(0ul, client.Ask(Wire.GetFeatures).Value & 2);
    }

    [Fact]
    public void With_descriptors_the_next_command_waits_for_the_answer_to_each_update()
    {
        using GpuScene scene = With("--dmabuf");
        byte[] pixels = Pixels(64, 64);
        scene.CreateWithBacking(1, 64, 64);
        scene.WriteBacking(64 * 64 * 4, pixels);
        Assert.Equal(Ok, scene.Do(Transfer, 0, 0, 64, 64, 0, 0, 1, 0));
        Assert.Equal(Ok, scene.Do(SetScanout, 0, 0, 64, 64, 0, 1));
        byte[] scanout = scene.Peer.Expect(GpuPeer.DmabufScanout);
        Assert.Equal(GpuPeer.Words(0, 0, 0, 64, 64, 64, 64, 256, 0, 0x34325258), scanout);
        scene.Submit(Flush, GpuPeer.Words(8, 8, 16, 16, 1, 0));
        Assert.Equal(GpuPeer.Words(0, 8, 8, 16, 16), scene.Peer.Expect(GpuPeer.DmabufUpdate));
        using (Mapping shared = Mapping.Map(Assert.Single(scene.Peer.Descriptors), 0, pixels.Length, writable: false))
        {
            Assert.Equal(pixels, shared.Span.ToArray());
        }
        ushort used = scene.ControlUsed;
        scene.Peer.Answer(GpuPeer.DmabufUpdate);
        Assert.Equal(Ok, BinaryPrimitives.ReadUInt32LittleEndian(scene.Completed()));
        Assert.Equal(used + 1, scene.ControlUsed);
    }

    [Theory]
    [InlineData(3u, 4u, 400)]
    [InlineData(3u, 0u, 408)]
    [InlineData(3u, 5u, 408)]
    [InlineData(11u, 4u, 408)]
    public void An_answer_of_another_form_ends_the_gpu_socket(uint request, uint flags, int size)
    {
        using GpuScene scene = Scene();
        scene.Submit(0x100, []);
        scene.Peer.Expect(GpuPeer.GetDisplayInfo);
        scene.Peer.AnswerRaw(request, flags, new byte[size]);
        Assert.Contains("refused", scene.Process.NextError(), StringComparison.Ordinal);
        Assert.Equal(8, scene.Client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload.Length);
    }

    [Fact]
    public void The_socket_must_come_with_one_descriptor()
    {
        using GpuScene scene = new(backEnd, withSocket: false);
        scene.Client.RefusedByTheEnd(Wire.GpuSetSocket, []);
    }

    [Theory]
    [InlineData("unknown-request", 99u, 8)]
    [InlineData("wrong-scanout", GpuPeer.Scanout, 12)]
    [InlineData("huge-scanout", GpuPeer.Scanout, 12)]
    [InlineData("unexpected-fds", GpuPeer.Scanout, 12)]
    [InlineData("dmabuf-of-no-scanout", GpuPeer.DmabufUpdate, 20)]
    public void A_fault_on_the_gpu_socket_comes_once_the_protocol_features_are_agreed_on(string fault, uint request, int size)
    {
        using GpuScene scene = With("--gpu-fault", fault);
        Assert.Equal(size, scene.Peer.Expect(request).Length);
        Assert.Equal(fault == "unexpected-fds" ? 16 : 0, scene.Peer.Descriptors.Count);
    }

    [Fact]
    public void A_back_end_can_close_the_gpu_socket_early()
    {
        using GpuScene scene = With("--gpu-fault", "early-close");
        Assert.Contains("closes the GPU socket", scene.Process.NextError(), StringComparison.Ordinal);
    }
}
