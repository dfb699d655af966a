using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The files in which the registers of a guest's devices outlive this process: one page for each device, named after the
/// guest, its domain and the device. What stands in one counts only for the device that wrote it, and only if a host of
/// before left its ioreq server to this one.
/// </summary>
internal sealed class DeviceStates : IDisposable
{
    private const int PageSize = 4096;
    private const string Suffix = ".registers";

    private readonly string? _folder;
    private readonly string _guest;
    private readonly uint _domid;
    private readonly string _vm;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Mapping> _pages = [];

    /// <param name="folder">Where the files are; null for none at all.</param>
    /// <param name="guest">The guest as its guest file names it.</param>
    /// <param name="domid">Its domain.</param>
    /// <param name="vm">Which guest it is: domain ids are given out again.</param>
    /// <param name="log">The guest's log.</param>
    internal DeviceStates(string? folder, string guest, uint domid, string vm, ILogger log)
    {
        _folder = folder;
        _guest = guest;
        _domid = domid;
        _vm = vm;
        _log = log;
        string? note = folder is null ? null : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{guest}.{domid}{ServerNote.Suffix}"));
        Server = new ServerNote(note, vm, log);
    }

    /// <summary>Which ioreq server the guest's host has made.</summary>
    internal IServerNote Server { get; }

    /// <summary>
    /// The registers of a device, in its file, or in memory where there can be no file.
    /// </summary>
    /// <param name="plan">The device.</param>
    /// <param name="keep">Whether what an earlier host left is wanted.</param>
    /// <param name="kept">Whether there was something, and it is this device's.</param>
    internal RegisterMemory Open(DevicePlan plan, bool keep, out bool kept)
    {
        kept = false;
        if (PageOf(plan.Id) is not { } page)
        {
            return new RegisterMemory(plan.QueueSizes.Count);
        }

        byte[] identity = IdentityOf(plan);
        Span<byte> header = page.Span[..RegisterMemory.Start];
        kept = keep && header[..identity.Length].SequenceEqual(identity);
        if (!kept)
        {
            // The identity comes last: a page that is half cleared is nobody's.
            header.Clear();
            page.Span[RegisterMemory.Start..].Clear();
            identity.CopyTo(header);
        }

        return new RegisterMemory(new RegisterPage(page), plan.QueueSizes.Count);
    }

    /// <summary>
    /// A device is no more: what stands in its file is nobody's. The file stays until the guest goes, because the page is that
    /// of the next device with this id: were the file another one by then, its successor would not find what is in the page.
    /// </summary>
    internal void Forget(int id)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue(id, out Mapping? page))
            {
                page.Span[..RegisterMemory.Start].Clear();
            }
        }
    }

    /// <summary>Removes the files that domains of before a reboot have left.</summary>
    internal void RemoveOlder() => RemoveFiles(_folder, _guest, domid => domid != _domid);

    /// <summary>Removes the files of a guest that is gone.</summary>
    /// <param name="folder">Where the files are; null for none at all.</param>
    /// <param name="guest">The guest as its guest file names it.</param>
    /// <param name="domid">The domain that is gone; null for all.</param>
    internal static void Remove(string? folder, string guest, uint? domid) => RemoveFiles(folder, guest, other => domid is null || other == domid);

    /// <summary>Lets go of the pages; the files stay, for a successor.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Mapping page in _pages.Values)
            {
                page.Dispose();
            }

            _pages.Clear();
        }
    }

    private Mapping? PageOf(int id)
    {
        lock (_gate)
        {
            if (_folder is null || _pages.TryGetValue(id, out Mapping? page))
            {
                return _folder is null ? null : _pages[id];
            }

            try
            {
                Directory.CreateDirectory(_folder);
                page = Mapping.OfFile(PathOf(id), PageSize);
                _pages.Add(id, page);
                return page;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                _log.LogWarning(
                    "device {Id}: its registers do not outlive this host: {Reason}: run as root, or set \"runtimeFolder\" in the host file, or --runtime", id, refused.Message);
                return null;
            }
        }
    }

    private string PathOf(int id) => Path.Combine(_folder ?? "", string.Create(CultureInfo.InvariantCulture, $"{_guest}.{_domid}.{id}{Suffix}"));

    /// <summary>All that must be the same for registers to mean the same; a change of the layout changes the first word.</summary>
    private byte[] IdentityOf(DevicePlan plan) => XxHash128.Hash(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"registers 1\n{_vm}\n{_domid}\n{plan.Id}\n{plan.Model.Identity.VirtioId}\n{string.Join(' ', plan.QueueSizes)}\n{plan.Model.ConfigSpace.Size}")));

    private static void RemoveFiles(string? folder, string guest, Predicate<uint> isMeant)
    {
        if (folder is not null && Directory.Exists(folder))
        {
            RemoveFiles(folder, guest, Suffix, numbersInName: 2, isMeant);
            RemoveFiles(folder, guest, ServerNote.Suffix, numbersInName: 1, isMeant);
        }
    }

    private static void RemoveFiles(string folder, string guest, string suffix, int numbersInName, Predicate<uint> isMeant)
    {
        foreach (string path in Directory.GetFiles(folder, $"*{suffix}"))
        {
            if (!Path.GetFileName(path).StartsWith(guest + ".", StringComparison.Ordinal))
            {
                continue;
            }

            // Another guest's name may begin like this one's.
            string name = Path.GetFileName(path);
            string[] numbers = name.Length > guest.Length + 1 + suffix.Length ? name[(guest.Length + 1)..^suffix.Length].Split('.') : [];
            if (numbers.Length == numbersInName && Array.TrueForAll(numbers, number => IsNumber(number, out _)) && IsNumber(numbers[0], out uint domid) && isMeant(domid))
            {
                Delete(path);
            }
        }
    }

    private static bool IsNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // It stays in a folder that ends with the machine; its first word says whose it was.
        }
    }
}
