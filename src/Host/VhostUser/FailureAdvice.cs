using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// The likely reason for which back-ends refuse a request, and what to do. Back-ends say nothing but "no", or close the
/// connection, so the words come from how the known ones behave.
/// </summary>
internal static class FailureAdvice
{
    private const string SeeItsLog = "see the back-end's own log";

    internal static string For(FrontEndRequest request, VhostUserFailure failure, bool isFirstMessage)
    {
        if (isFirstMessage && failure is (VhostUserFailure.Closed or VhostUserFailure.TimedOut))
        {
            return "the daemon is starting or ending, or it serves another client: it is tried again; stop the other client if there is one";
        }

        return failure switch
        {
            VhostUserFailure.Nack or VhostUserFailure.Closed => WhyRefused(request),
            VhostUserFailure.TimedOut => WhySilent(request),
            VhostUserFailure.Malformed => "not a vhost-user back-end, or a broken one: check the socket's path, and " + SeeItsLog,
            _ => "",
        };
    }

    private static string WhyRefused(FrontEndRequest request) => request switch
    {
        FrontEndRequest.SetProtocolFeatures => "the back-end insists on a protocol feature that was not acknowledged; " + SeeItsLog,
        FrontEndRequest.SetFeatures => "the guest's driver accepted a feature that the back-end does not take: mask that bit in the plugin, or " + SeeItsLog,
        FrontEndRequest.SetMemTable or FrontEndRequest.AddMemReg =>
            "the back-end could not map the guest's memory (too many regions, a hole in them, flags that it does not know, or a missing permission); " + SeeItsLog,
        FrontEndRequest.SetVringNum =>
            "the back-end's maximum queue size is smaller, or it has fewer queues: set a smaller size under \"queues\" in the guest file or in the plugin",
        FrontEndRequest.SetVringAddr => "the ring does not lie in the memory that the back-end mapped, or the guest's indices in it are damaged",
        FrontEndRequest.SetVringBase => "the back-end does not resume at this index; reset the device in the guest",
        FrontEndRequest.SetVringEnable => "the back-end has fewer queues than the device: compare \"queues\" with the daemon's options",
        FrontEndRequest.GetConfig or FrontEndRequest.SetConfig =>
            "the back-end does not serve this config space: compare its size in the plugin with the device that the daemon serves",
        FrontEndRequest.NetSetMtu => "the network behind the daemon takes another MTU: give the guest file that one",
        FrontEndRequest.GetQueueNum => "the back-end offers MQ without serving it; " + SeeItsLog,
        _ => SeeItsLog,
    };

    private static string WhySilent(FrontEndRequest request) => request switch
    {
        FrontEndRequest.SetMemTable or FrontEndRequest.AddMemReg => "mapping the guest's memory takes too long, or the daemon hangs; " + SeeItsLog,
        FrontEndRequest.GetVringBase => "requests in flight are not completed: the daemon waits for its device or hangs",
        _ => "the daemon hangs or is stopped; " + SeeItsLog,
    };
}
