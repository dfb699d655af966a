using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>Stands where a device stands: writes down what the register file asks for.</summary>
internal sealed class RecordingOwner : IRegisterFileOwner
{
    internal List<int> Kicks { get; } = [];

    internal int Posted { get; private set; }

    internal int PostedHeld { get; private set; }

    internal List<int> Probes { get; } = [];

    /// <summary>Whether a probe is held.</summary>
    internal bool HoldsProbes { get; set; }

    public bool TryHoldProbe(int vcpu)
    {
        if (HoldsProbes)
        {
            Probes.Add(vcpu);
        }

        return HoldsProbes;
    }

    public void Kick(int queue) => Kicks.Add(queue);

    public void CommandPosted(bool held)
    {
        Posted++;
        PostedHeld += held ? 1 : 0;
    }
}
