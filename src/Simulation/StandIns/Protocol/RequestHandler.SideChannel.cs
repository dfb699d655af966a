using XenDmHost.Simulation.StandIns.Devices;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>The socket that some devices need beside this one.</summary>
internal sealed partial class RequestHandler
{
    /// <summary>Serves the queues that stood still while the device waited for what has come now.</summary>
    internal void ReadSideChannel(ISideChannel channel)
    {
        channel.Read(Queues);
        foreach (var ring in Queues.Rings) Queues.Serve(ring.Index);
    }

    private static Outcome SetSideSocket(ISideChannel channel, VhostUserMessage message)
    {
        if (message.DescriptorCount != 1) return Outcome.Cut($"{message.DescriptorCount} descriptors instead of 1");
        channel.Open(message.TakeDescriptors()[0]);
        return Outcome.Done;
    }
}
