namespace XenDmHost.Host.XenStore;

/// <summary>What the toolstack wrote about a device, as it stood when it was read (libxl_virtio.c).</summary>
internal sealed record VirtioBackEndNode
{
    internal required VirtioNodeAddress Address { get; init; }

    /// <summary>The guest's folder of the same device.</summary>
    internal required string XenbusFrontendPath { get; init; }

    /// <summary>False: the toolstack wants the device gone.</summary>
    internal required bool Online { get; init; }

    internal required XenbusState State { get; init; }

    /// <summary>Guest physical address of the register window; 0: the toolstack assigned none, as xl on x86.</summary>
    internal ulong Base { get; init; }

    /// <summary>Bytes of the register window, on xenbus; null where the toolstack writes none, as libxl.</summary>
    internal ulong? Size { get; init; }

    /// <summary>Whether the two ends shake hands, and the interrupt is an event channel.</summary>
    internal bool IsXenbus => Address.Kind == VirtioNodeAddress.XenbusKind || (Address.Kind == VirtioNodeAddress.ToolstackKind && Size is not null);

    /// <summary>The full interrupt id on Arm (33 and up); 0: none assigned.</summary>
    internal uint Irq { get; init; }

    /// <summary>For example <c>virtio,device</c> or <c>virtio,device22</c> (hexadecimal); rarely says what the device is.</summary>
    internal string Type { get; init; } = "";

    /// <summary>Whether the guest grants its pages (xen,grant-dma) instead of leaving its memory open.</summary>
    internal bool GrantUsage { get; init; }

    /// <summary>
    /// Reads the folder, which libxl writes in one transaction; pass one to be sure of a folder that is whole. When it answers false, <paramref name="reason"/> says in one line what is missing or wrong.
    /// </summary>
    internal static bool TryRead(XenStoreOperations store, VirtioNodeAddress address, out VirtioBackEndNode? node, out string reason)
    {
        VirtioNodeReader reader = new(store, address.Path);
        string frontendPath = reader.Text("frontend");
        uint frontendId = reader.Number("frontend-id");
        VirtioBackEndNode read = new()
        {
            Address = address,
            XenbusFrontendPath = frontendPath,
            Online = reader.Flag("online"),
            State = StoreNumber.ParseState(reader.Text("state")),
            Base = reader.NumberOr("base", 0),
            Size = reader.SizeOrNull("size"),
            Irq = (uint)reader.NumberOr("irq", 0, uint.MaxValue),
            Type = reader.TextOr("type", ""),
            GrantUsage = reader.FlagOr("grant_usage", false),
        };
        reader.Check(frontendId == address.GuestDomid, "frontend-id", $"{frontendId} is not the guest that the path names");
        reader.Check(reader.TextOr("transport", "mmio") == "mmio", "transport", "only mmio is served");
        reader.Check(read.Address.Kind != VirtioNodeAddress.XenbusKind || read.Size is not null, "size", "is missing: the guest's driver asks for it");
        reader.Check(read.Size is null or >= 0x200, "size", "is less than the 0x200 bytes of a register window");
        reason = reader.Problem;
        node = reason.Length == 0 ? read : null;
        return node is not null;
    }
}
