using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>"memory"</c>.</summary>
internal static class MemoryChecks
{
    private const int MaxBanks = 16;
    private const ulong PageSize = 4096;

    /// <summary>16 TiB, which is what an address in a Xen guest can reach.</summary>
    private const long MaxSizeMiB = 16L << 20;

    private const ulong MaxAddress = (ulong)MaxSizeMiB << 20;

    internal static void Check(JsonTreeNode? node, JsonTreeNode? platform, ConfigErrorList errors)
    {
        if (node is null)
        {
            return;
        }

        if (platform?.Text == "simulated")
        {
            errors.Add(node, "'memory' is for \"platform\": \"xen\"; a simulation says itself where its RAM is");
        }

        var memory = new ObjectReader(node, errors);
        JsonTreeNode? banks = memory.Array("banks", 1, MaxBanks, "banks", required: true);
        memory.End();
        List<(ulong Start, ulong End, JsonTreeNode Node)> seen = [];
        foreach (JsonTreeNode bank in banks?.Items ?? [])
        {
            if (ValueChecks.Kind(bank, JsonKind.Object, "a bank (an object)", errors))
            {
                Bank(bank, seen, errors);
            }
        }
    }

    private static void Bank(JsonTreeNode node, List<(ulong Start, ulong End, JsonTreeNode Node)> seen, ConfigErrorList errors)
    {
        var bank = new ObjectReader(node, errors);
        JsonTreeNode? address = bank.Text("base", required: true, "an address such as \"0x40000000\"");
        JsonTreeNode? size = bank.Integer("sizeMiB", 1, MaxSizeMiB, required: true);
        bank.End();
        if (address is null || size is null || !Base(address, errors, out ulong start))
        {
            return;
        }

        ulong end = start + ((ulong)ValueChecks.AsInteger(size)! << 20);
        foreach ((ulong otherStart, ulong otherEnd, JsonTreeNode other) in seen)
        {
            if (start < otherEnd && otherStart < end)
            {
                errors.Add(node, $"the bank from 0x{start:x} to 0x{end:x} overlaps the one on line {other.Line}");
                return;
            }
        }

        seen.Add((start, end, node));
    }

    private static bool Base(JsonTreeNode node, ConfigErrorList errors, out ulong start)
    {
        if (!GuestAddress.TryParse(node.Text, out start))
        {
            errors.Add(node, $"expected an address such as \"0x40000000\" (hexadecimal with 0x, or decimal), found {Shown.Value(node)}");
            return false;
        }

        if (start % PageSize != 0 || start >= MaxAddress)
        {
            errors.Add(node, $"0x{start:x} is no place for a bank; it must be a multiple of 0x{PageSize:x} below 0x{MaxAddress:x}");
            return false;
        }

        return true;
    }
}
