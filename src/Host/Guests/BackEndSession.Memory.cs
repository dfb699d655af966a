using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.Guests;

/// <content>The guest's memory, as this back-end has it mapped.</content>
internal sealed partial class BackEndSession
{
    /// <summary>How often a table is built anew because pages left while the back-end mapped it.</summary>
    private const int TableAttempts = 4;

    private IReadOnlyList<RamBank> _memory = [];

    /// <summary>
    /// The hypervisor said that the guest is gone, or has no page any more: whoever serves it can stop. Xen says so before
    /// xenstore does, and keeps a domain without a page for as long as somebody has its memory mapped.
    /// </summary>
    internal bool GuestIsGone { get; private set; }

    /// <summary>A look at the guest's memory gave way to an access that was held: the memory is to be renewed once more.</summary>
    internal bool MustRenewAgain { get; private set; }

    /// <summary>The same before any ring runs: the connection is given up, and nothing is wrong with the back-end.</summary>
    internal static VhostUserResult LookEnded { get; } = VhostUserResult.Refused(
        MessageSubject.Idle, "the look at the guest's memory takes longer than an access of the guest may wait: it is begun again");

    /// <summary>The most regions of Xen memory in a table: the limit of the vhost crates, which all that map it are made with.</summary>
    internal const int MaxXenRegions = 32;

    /// <summary>
    /// Tells the back-end of all RAM that is there. A hole that it touched would end it, so none is in the table, and
    /// after it has mapped them all the pages are looked at again.
    /// </summary>
    internal VhostUserResult SendMemory(IDomain domain) => Catch(() => Look(domain) is { } found
        ? TellUntilItHolds(
            domain,
            found,
            ram => CheckGuest(ram).Then(() => TooManyRuns(ram)).Then(() => _frontEnd.SetMemTable(MemoryTable.Of(domain.Domid, ram))))
        : LookEnded);

    private IReadOnlyList<RamBank>? Look(IDomain domain) => domain.FindPopulatedRam(() => _device.MustHurry);

    /// <summary>
    /// Tells the back-end, and looks again: pages may have left while it mapped them. Where there was no time for that look
    /// no ring is started; rings that run go on, as they do for every moment between a page's leaving and the next look.
    /// </summary>
    private VhostUserResult TellUntilItHolds(IDomain domain, IReadOnlyList<RamBank> found, Func<IReadOnlyList<RamBank>, VhostUserResult> tell)
    {
        for (int attempt = 0; attempt < TableAttempts; attempt++)
        {
            IReadOnlyList<RamBank> ram = found;
            VhostUserResult result = tell(ram);
            if (!result.IsOk)
            {
                return result;
            }

            _memory = ram;
            if (Look(domain) is not { } now)
            {
                MustRenewAgain = HasRings;
                return HasRings ? VhostUserResult.Ok : LookEnded;
            }

            found = now;
            if (MemoryTable.IsCovered(ram, found))
            {
                return VhostUserResult.Ok;
            }
        }

        return VhostUserResult.Refused(MessageSubject.Idle, "the guest gives memory back faster than its back-end can be told");
    }

    /// <summary>
    /// Tells the back-end what RAM came or went since. One with memory slots is told of the regions that differ alone, and
    /// its rings run on unless one of them, or memory that stays, is not mapped for a moment. Any other gets the whole table
    /// again, with its rings stopped for that. Rings that were stopped go on where they were.
    /// </summary>
    /// <param name="domain">The guest.</param>
    /// <param name="kept">
    /// Why the back-end keeps its old table, or null. That is safe: a page that is mapped stays, and only Xen gets it back later.
    /// </param>
    internal VhostUserResult RenewMemory(IDomain domain, out string? kept)
    {
        string? why = null;
        kept = null;
        MustRenewAgain = false;
        if (UsesGrants || _grants.Length > 0)
        {
            // What is granted does not come and go with the guest's RAM.
            return VhostUserResult.Ok;
        }

        VhostUserResult result = Catch(() =>
        {
            if (Look(domain) is not { } found)
            {
                // The table that the back-end has is good: what it has mapped stays.
                MustRenewAgain = true;
                return VhostUserResult.Ok;
            }

            VhostUserResult there = CheckGuest(found);
            if (!there.IsOk)
            {
                return there;
            }

            VhostUserResult tooMany = TooManyRuns(found);
            if (MemoryTable.IsSame(_memory, found) || !tooMany.IsOk)
            {
                why = tooMany.IsOk ? null : tooMany.ToString();
                return VhostUserResult.Ok;
            }

            bool running = HasRings;
            VhostUserResult told = HasSlotsFor(found)
                ? ChangeRegions(domain, found)
                : StopRings(reset: false).Then(() => SendMemory(domain));
            return told.Then(() => running && !HasRings ? StartRings(domain, resume: true) : VhostUserResult.Ok);
        });
        kept = why;
        return result;
    }

    /// <summary>
    /// Has the back-end forget all of the guest's memory but one piece, for good: its rings are stopped before. What it has
    /// mapped counts as the guest's, so Xen gives a guest no pages for those it gave back before the mapping ends.
    /// </summary>
    internal VhostUserResult LetGoOfMemory(IDomain domain) => Catch(() =>
    {
        if (Look(domain) is not { } found)
        {
            return LookEnded;
        }

        return CheckGuest(found)
            .Then(() => StopRings(reset: false))
            .Then(() => _frontEnd.SetMemTable(MemoryTable.Of(domain.Domid, [found[0]])));
    });

    private bool HasSlotsFor(IReadOnlyList<RamBank> ram) =>
        Offer.ProtocolFeatures.Has(ProtocolFeature.ConfigureMemSlots) && Offer.MaxMemorySlots >= ram.Count;

    /// <summary>Removes and adds what differs.</summary>
    private VhostUserResult ChangeRegions(IDomain domain, IReadOnlyList<RamBank> found) => TellUntilItHolds(domain, found, ram =>
    {
        MemoryChange change = MemoryChange.Between(_memory, ram);
        return TooManyRuns(ram)
            .Then(() => change.Interrupts || TakesARing(change) ? StopRings(reset: false) : VhostUserResult.Ok)
            .Then(() => ForEach(MemoryTable.Of(domain.Domid, change.Removed), region => _frontEnd.RemoveMemoryRegion(region)))
            .Then(() => ForEach(MemoryTable.Of(domain.Domid, change.Added), region => _frontEnd.AddMemoryRegion(region)));
    });

    /// <summary>Whether a ring that runs lies in a region that goes.</summary>
    private bool TakesARing(MemoryChange change) =>
        _rings.Keys.SelectMany(index => PartsOf(_device.Registers.Queue(index))).Any(part => change.Takes(part.Address, part.Size));

    private static VhostUserResult ForEach(IEnumerable<MemoryRegion> regions, Func<MemoryRegion, VhostUserResult> tell) =>
        regions.Aggregate(VhostUserResult.Ok, (result, region) => result.Then(() => tell(region)));

    private static VhostUserResult TooManyRuns(IReadOnlyList<RamBank> ram) =>
        ram.Count <= MaxXenRegions
            ? VhostUserResult.Ok
            : VhostUserResult.Refused(
                MessageSubject.Idle,
                $"the guest's RAM is in {ram.Count} pieces, because it gave pages back, and a back-end takes {MaxXenRegions}",
                "give the guest its memory back (xl mem-set), or let it use grants");

    /// <summary>Looks whether the guest is still there, after something failed that needs it. Without time for a look it is.</summary>
    internal VhostUserResult CheckGuest(IDomain domain) => Catch(() => Look(domain) is { } found ? CheckGuest(found) : VhostUserResult.Ok);

    private VhostUserResult CheckGuest(IReadOnlyList<RamBank> found)
    {
        GuestIsGone |= found.Count == 0;
        return GuestIsGone ? VhostUserResult.Refused(MessageSubject.Idle, "the guest has no memory any more: it is gone") : VhostUserResult.Ok;
    }

    /// <summary>What the hypervisor refuses costs the connection and not the thread.</summary>
    private VhostUserResult Catch(Func<VhostUserResult> work) => Catch(isOfTheGuest: true, work);

    /// <summary>The same; a device file that is missing is no guest that has gone.</summary>
    private VhostUserResult Catch(bool isOfTheGuest, Func<VhostUserResult> work)
    {
        try
        {
            return work();
        }
        catch (OsException refused)
        {
            GuestIsGone |= isOfTheGuest && refused.Errno is (Errno.ESRCH or Errno.ENOENT);
            return VhostUserResult.Refused(MessageSubject.Idle, refused.Message);
        }
    }
}
