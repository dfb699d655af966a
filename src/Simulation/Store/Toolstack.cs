using System.Globalization;

namespace XenDmHost.Simulation.Store;

/// <summary>
/// In libxl's place: writes for one guest what <c>xl create</c> writes for <c>virtio = [...]</c> on Arm, and removes
/// it as <c>xl destroy</c> does.
/// </summary>
internal sealed class Toolstack(StoreServer store, SimulatedDomain domain)
{
    private const string Connected = "4";
    private const string Closing = "5";
    private const string Closed = "6";

    /// <summary>Writes all nodes in one transaction, then makes the domain known.</summary>
    internal void Create()
    {
        store.Transaction(batch =>
        {
            batch.Write($"{domain.Folder}/name", domain.Name);
            batch.Write($"{domain.Folder}/vm", domain.VmPath);
            batch.Write($"{domain.VmPath}/name", domain.Name);
            batch.Write($"{domain.VmPath}/uuid", domain.Uuid.ToString("D"));
            for (int device = 0; device < domain.DeviceTypes.Count; device++) WriteDevice(batch, device);
        });
        store.IntroduceDomain(domain.Domid);
    }

    /// <summary>Waits until <paramref name="count"/> devices are Connected; false when the time is over before.</summary>
    internal bool WaitAllConnected(int count, TimeSpan limit) => WaitForStates(state => state == Connected, count, limit);

    /// <summary>
    /// Asks the host to let go of every device (online 0, Closing) and waits until all are Closed, or the time is
    /// over; the nodes stay.
    /// </summary>
    internal bool CloseAll(TimeSpan limit)
    {
        store.Transaction(batch =>
        {
            foreach (string device in batch.Directory(domain.XenbusBackEnds))
            {
                string node = $"{domain.XenbusBackEnds}/{device}";
                batch.Write($"{node}/online", "0");
                if (batch.Read($"{node}/state") != Closed) batch.Write($"{node}/state", Closing);
            }
        });
        return WaitForStates(state => state == Closed, store.Directory(domain.XenbusBackEnds).Count, limit);
    }

    /// <summary>Removes the guest's folders in one transaction, then lets the domain go: <c>@releaseDomain</c> fires.</summary>
    internal void Destroy()
    {
        store.Transaction(batch =>
        {
            batch.Remove(domain.XenbusBackEnds);
            batch.Remove(domain.Folder);
            // A reboot's new domain may stand on the same uuid already; its own Destroy removes the rest.
            if (!IsUuidInUse(batch)) batch.Remove(domain.VmPath);
        });
        store.ReleaseDomain(domain.Domid);
    }

    private bool IsUuidInUse(StoreBatch batch) =>
        batch.Directory("/local/domain").Any(domid => batch.Read($"/local/domain/{domid}/vm") == domain.VmPath);

    private void WriteDevice(StoreBatch batch, int device)
    {
        string backEnd = domain.XenbusBackEnd(device);
        string frontEnd = domain.XenbusFrontEnd(device);
        string domid = domain.Domid.ToString(CultureInfo.InvariantCulture);
        Create(batch, frontEnd, $"n{domid}", "r0");
        Create(batch, backEnd, "n0", $"r{domid}");
        batch.Write($"{frontEnd}/backend", backEnd);
        batch.Write($"{frontEnd}/backend-id", "0");
        batch.Write($"{frontEnd}/state", "1");
        batch.Write($"{backEnd}/frontend", frontEnd);
        batch.Write($"{backEnd}/frontend-id", domid);
        batch.Write($"{backEnd}/online", "1");
        batch.Write($"{backEnd}/state", "1");
        batch.Write($"{backEnd}/irq", SimulatedDomain.Irq(device).ToString(CultureInfo.InvariantCulture));
        batch.Write($"{backEnd}/base", $"0x{SimulatedDomain.Base(device):x}");
        batch.Write($"{backEnd}/type", domain.DeviceTypes[device]);
        batch.Write($"{backEnd}/transport", "mmio");
        batch.Write($"{backEnd}/grant_usage", domain.UsesGrants ? "1" : "0");
    }

    private static void Create(StoreBatch batch, string path, string owner, string reader)
    {
        batch.Write(path, "");
        batch.SetPermissions(path, owner, reader);
    }

    private bool WaitForStates(Func<string?, bool> isGood, int count, TimeSpan limit)
    {
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable watch = store.Watch(domain.XenbusBackEnds, _ =>
        {
            if (CountStates(isGood) >= count) all.TrySetResult();
        });
        return all.Task.Wait(limit);
    }

    private int CountStates(Func<string?, bool> isGood) =>
        store.Directory(domain.XenbusBackEnds).Count(device => isGood(store.Read($"{domain.XenbusBackEnds}/{device}/state")));
}
