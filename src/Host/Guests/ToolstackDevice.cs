using Microsoft.Extensions.Logging;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A device that libxl described to the guest by its device tree: the guest does not look into xenstore, so there is no
/// handshake; the states say to the toolstack how far we are.
/// </summary>
internal sealed class ToolstackDevice : IServedNode
{
    private readonly NodeContext _context;
    private readonly int _id;
    private bool _ended;

    /// <exception cref="InvalidOperationException">The node or the window is no good.</exception>
    internal ToolstackDevice(NodeContext context, VirtioBackEndNode node, DevicePlan plan)
    {
        _context = context;
        _id = plan.Id;
        Address = node.Address;
        uint irq = plan.Irq ?? node.Irq;
        if (irq == 0)
        {
            throw new InvalidOperationException($"{Address}/irq: the toolstack gave it no interrupt: set \"transport\": {{ \"irq\": ... }} in the guest file");
        }

        context.Session.Add(plan, WindowOf(plan, node), irq);
        Write(XenbusState.InitWait);
    }

    public VirtioNodeAddress Address { get; }

    public bool IsClaimed => !_ended;

    /// <summary>Whether libxl gave the device a place; on x86 it does not.</summary>
    internal static bool HasPlace(VirtioBackEndNode node, PlannedDevice device) =>
        node.Base != 0 || device.Entry.Settings.Transport.BaseAddress is not null;

    public void BackEndReady() => Write(XenbusState.Connected);

    public void Changed(VirtioNodeChange change)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _context.Log.LogInformation("device {Id}: removed by the toolstack", _id);
        _context.Session.Remove(_id, () => _context.Store.Post(() =>
        {
            if (change == VirtioNodeChange.WentOffline)
            {
                // libxl waits for this word before it destroys the guest, for ten seconds. Never before the daemon has let go of
                // the memory: of a guest whose pages are mapped Xen's destruction on Arm begins again at each interrupt, and a
                // dom0 with one vCPU then never comes to unmap them. Eleven devices closed early froze it for good.
                Write(XenbusState.Closed);
            }

            _context.Ended(this);
        }));
    }

    public void Dispose() => _ended = true;

    // The device may be gone by now; then there is nobody to tell.
    private void Write(XenbusState state) => XenbusBackEndState.Write(_context.Store, Address.Path, state);

    private static ulong WindowOf(DevicePlan plan, VirtioBackEndNode node)
    {
        ulong window = plan.Base ?? node.Base;
        return window != 0
            ? window
            : throw new InvalidOperationException("the toolstack gave it no address: set \"transport\": { \"base\": … } in the guest file");
    }
}
