using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>"backEnd"</c>.</summary>
internal static class BackEndChecks
{
    private const int MaxArguments = 256;

    internal static void Check(
        JsonTreeNode node, string? guest, JsonTreeNode? id, SocketPathChecks sockets, ConfigErrorList errors)
    {
        var backEnd = new ObjectReader(node, errors);
        JsonTreeNode? socket = backEnd.Text("socket", required: true, "the path of a socket");
        JsonTreeNode? suffix = backEnd.Text("socketSuffix", expected: "what the daemon appends to the path");
        JsonTreeNode? listen = backEnd.Boolean("listen");
        JsonTreeNode? launch = backEnd.Array("launch", 1, MaxArguments, "strings (the command and its arguments)");
        backEnd.Word("restart", "always", "never");
        backEnd.End();

        if (node.Find("restart") is { } restart && node.Find("launch") is null)
        {
            errors.Add(restart, "'restart' needs 'launch': only what the host started can be started again");
        }

        Suffix(suffix, listen, errors);
        Launch(launch, errors);
        if (socket is not null)
        {
            sockets.Check(socket, suffix?.Text ?? "", guest, id, errors);
        }
    }

    private static void Suffix(JsonTreeNode? suffix, JsonTreeNode? listen, ConfigErrorList errors)
    {
        if (suffix is null)
        {
            return;
        }

        if (suffix.Text.Contains('/', StringComparison.Ordinal))
        {
            errors.Add(suffix, "a suffix must not contain '/'");
        }

        if (listen?.Text == "true")
        {
            errors.Add(suffix, "'socketSuffix' has no meaning with \"listen\": true, where the host names the socket");
        }
    }

    private static void Launch(JsonTreeNode? launch, ConfigErrorList errors)
    {
        IReadOnlyList<JsonTreeNode> arguments = launch?.Items ?? [];
        for (int i = 0; i < arguments.Count; i++)
        {
            // An empty argument is one; an empty command is none.
            bool passed = i == 0
                ? ValueChecks.Text(arguments[i], "a command", errors)
                : ValueChecks.Kind(arguments[i], JsonKind.String, "a string", errors);
            if (passed)
            {
                Placeholders.Check(arguments[i], Placeholders.OfLaunch, errors);
            }
        }
    }
}
