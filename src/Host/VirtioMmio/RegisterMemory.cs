using System.Runtime.CompilerServices;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>
/// Where a device's registers are. In a page of a file, every change of them is there before the access that made it is
/// answered, so the next host of the guest finds what the guest knows. Without a file they end with the process.
/// </summary>
internal sealed class RegisterMemory
{
    /// <summary>The bytes of a device: registers, then what it offers, then its queues.</summary>
    internal const int Size = 4096 - Start;

    /// <summary>Where they begin in the page; what is before them is the owner's.</summary>
    internal const int Start = 64;

    private const int OfferAt = Start + 64, ConfigAt = OfferAt + 32, QueuesAt = 512;
    private const int MaxConfig = (int)(MmioRegister.WindowSize - MmioRegister.Config);

    private readonly Mapping? _page;
    private readonly RegisterState[] _state = new RegisterState[1];
    private readonly QueueState[] _queues;

    /// <summary>Registers of this process alone.</summary>
    internal RegisterMemory(int queues) => _queues = new QueueState[queues];

    /// <param name="page">A page; not owned, and mapped for as long as the registers are in use.</param>
    /// <param name="queues">How many queues the device has.</param>
    internal RegisterMemory(Mapping page, int queues)
        : this(queues)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queues, (page.Length - QueuesAt) / Unsafe.SizeOf<QueueState>());
        _page = page;
    }

    internal int QueueCount => _queues.Length;

    internal ref RegisterState Registers
    {
        get
        {
            if (_page is null)
            {
                return ref _state[0];
            }

            return ref _page.At<RegisterState>(Start);
        }
    }

    /// <summary>A queue of the device; an index outside of it is an error of ours.</summary>
    internal ref QueueState Queue(int index)
    {
        ref QueueState own = ref _queues[index];
        if (_page is null)
        {
            return ref own;
        }

        return ref _page.At<QueueState>(QueuesAt + (index * Unsafe.SizeOf<QueueState>()));
    }

    /// <summary>Saves what the device shows. On the control thread.</summary>
    internal void Save(DeviceOffer? offer)
    {
        if (_page is not null)
        {
            ref SavedOffer saved = ref _page.At<SavedOffer>(OfferAt);
            saved.Features = offer?.Features ?? 0;
            saved.VendorId = offer?.VendorId ?? 0;
            saved.DeviceId = offer?.DeviceId ?? 0;
        }
    }

    /// <summary>Saves the configuration space as the guest reads it. On the control thread.</summary>
    internal void Save(ConfigSnapshot config)
    {
        if (_page is not null)
        {
            int size = Math.Min(config.Bytes.Length, MaxConfig);
            config.Bytes.AsSpan(0, size).CopyTo(_page.Span[ConfigAt..]);
            ref SavedOffer saved = ref _page.At<SavedOffer>(OfferAt);
            saved.ConfigSize = (uint)size;
            saved.ConfigGeneration = config.Generation;
        }
    }

    /// <summary>What was saved; null for nothing.</summary>
    internal DeviceOffer? SavedOffer =>
        _page?.At<SavedOffer>(OfferAt) is { DeviceId: not 0 } saved ? new DeviceOffer(saved.DeviceId, saved.VendorId, saved.Features) : null;

    /// <summary>The configuration space that was saved; null for none.</summary>
    internal ConfigSnapshot? SavedConfig =>
        _page?.At<SavedOffer>(OfferAt) is { ConfigSize: > 0 and <= MaxConfig } saved
            ? new ConfigSnapshot(_page.Span.Slice(ConfigAt, (int)saved.ConfigSize).ToArray(), saved.ConfigGeneration)
            : null;
}
