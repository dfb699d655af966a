using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>"transport"</c>.</summary>
internal static class TransportChecks
{
    /// <summary>The size of a device's register window, as Xen's toolstack lays them out (VIRTIO_MMIO_DEV_SIZE).</summary>
    internal const ulong WindowSize = 0x200;

    private const int MinIrq = 32, MaxIrq = 1019;

    private const int MaxWaitMs = 30_000;

    internal static void Check(JsonTreeNode? node, DeviceClashes clashes, ConfigErrorList errors)
    {
        if (node is null)
        {
            return;
        }

        var transport = new ObjectReader(node, errors);
        JsonTreeNode? address = transport.Any("base");
        JsonTreeNode? irq = transport.Integer("irq", MinIrq, MaxIrq);
        transport.Integer("waitForBackEndMs", 0, MaxWaitMs);
        transport.Boolean("grants");
        transport.Word("kicks", "host", "kernel");
        transport.Word("interrupts", "host", "kernel");
        transport.End();

        if (irq is not null)
        {
            clashes.Irq(irq);
        }

        if (address is not null)
        {
            Base(address, clashes, errors);
        }
    }

    private static void Base(JsonTreeNode node, DeviceClashes clashes, ConfigErrorList errors)
    {
        if (node.Kind is not (JsonKind.String or JsonKind.Number) || !GuestAddress.TryParse(node.Text, out ulong start))
        {
            errors.Add(node, $"expected an address such as \"0x02000000\" (hexadecimal with 0x, or decimal), found {Shown.Value(node)}");
        }
        else if (start is 0 or > ulong.MaxValue - WindowSize)
        {
            errors.Add(node, $"0x{start:x} is no place for a device; leave 'base' out to have one chosen");
        }
        else if (start % WindowSize != 0)
        {
            ulong below = start - (start % WindowSize);
            string near = below == 0 ? $"0x{WindowSize:x}" : $"0x{below:x} or 0x{below + WindowSize:x}";
            errors.Add(node, $"0x{start:x} is not a multiple of 0x{WindowSize:x}; use {near}");
        }
        else
        {
            clashes.Window(node, start);
        }
    }
}
