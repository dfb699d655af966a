using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

/// <summary>A device that writes down what the handshake wants of it.</summary>
internal sealed class RecordedDevice(EventLog<string> log) : IXenbusDevice
{
    public bool IsReady { get; set; } = true;

    internal string? ClaimProblem { get; set; }

    internal string? ConnectProblem { get; set; }

    internal List<string> Refusals { get; } = [];

    public string? Claim() => ClaimProblem;

    public string? Connect(GuestOffer offer)
    {
        log.Add(offer.Base is { } place ? $"connect {offer.EventChannel} at 0x{place:x}" : $"connect {offer.EventChannel}");
        return ConnectProblem;
    }

    /// <summary>Whether what the driver left is reset as soon as that is asked for; if not, the test says when.</summary>
    internal bool ResetsAtOnce { get; set; } = true;

    internal int TimesSentAway { get; private set; }

    public bool TryReset()
    {
        if (!ResetsAtOnce) log.Add("reset");
        return ResetsAtOnce;
    }

    public string SentAway()
    {
        TimesSentAway++;
        return "no daemon";
    }

    public void Disconnect() => log.Add("disconnect");

    public void Release() => log.Add("release");

    public void Refused(string reason)
    {
        lock (Refusals) Refusals.Add(reason);
        log.Add("refused");
    }
}
