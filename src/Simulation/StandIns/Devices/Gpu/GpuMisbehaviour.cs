using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>One message that no honest back-end sends.</summary>
internal static class GpuMisbehaviour
{
    private const uint NoSuchScanout = 0xffff_fff0;

    internal static void Commit(GpuFault fault, GpuChannel channel)
    {
        switch (fault)
        {
            case GpuFault.UnknownRequest: channel.Tell((SideRequest)99, new byte[8]); break;
            case GpuFault.OversizedRequest: channel.TellRaw(GpuMessages.Words((uint)SideRequest.UPDATE, 0, 0x7fff_ffff)); break;
            case GpuFault.WrongScanout: channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(NoSuchScanout, 64, 64)); break;
            case GpuFault.HugeScanout: channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(0, 0xffff_ffff, 0xffff_ffff)); break;
            case GpuFault.ShortUpdate: Update(channel, new(0, 0, 16, 16), pixels: 4); break;
            case GpuFault.UpdateOutside: Update(channel, new(0xffff_fff0, 0, 16, 1), pixels: 64); break;
            case GpuFault.UnexpectedFds: TellWithDescriptors(channel, 16); break;
            // A header whose payload never comes, and is longer than all that is told afterwards.
            case GpuFault.EndlessRequest: channel.TellRaw(GpuMessages.Words((uint)SideRequest.UPDATE, 0, 60 << 20)); break;
            case GpuFault.EarlyClose: channel.Close("closes the GPU socket by --gpu-fault"); break;
            case GpuFault.DmabufOfNoScanout: AskForNoScanout(channel); break;
        }
    }

    private static void Update(GpuChannel channel, GpuRectangle at, int pixels)
    {
        channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(0, 64, 64));
        channel.Tell(SideRequest.UPDATE, GpuMessages.Update(0, at, pixels));
    }

    private static void TellWithDescriptors(GpuChannel channel, int count)
    {
        FileDescriptor[] fds = [.. Enumerable.Range(0, count).Select(_ => EventFd.Create(nonBlocking: true).Fd)];
        channel.Tell(SideRequest.SCANOUT, GpuMessages.Words(0, 64, 64), fds);
        foreach (FileDescriptor fd in fds) fd.Dispose();
    }

    /// <summary>Waits as for any other: the answer must come although there is nothing to show.</summary>
    private static void AskForNoScanout(GpuChannel channel)
    {
        channel.Ask(SideRequest.DMABUF_UPDATE, GpuMessages.Words(NoSuchScanout, 0, 0, 16, 16));
        channel.ReadAnswer(size: 0);
    }
}
