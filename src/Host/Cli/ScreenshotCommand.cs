using System.CommandLine;
using System.Text.Json.Nodes;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Observe.Control;

namespace XenDmHost.Host.Cli;

/// <summary><c>screenshot GUEST</c>: what a running guest shows, as a PNG file.</summary>
internal static class ScreenshotCommand
{
    internal static Command Create(CommonOptions common)
    {
        Argument<string> guest = new("GUEST") { Description = "The guest as its guest file names it" };
        Option<int?> device = new("--device") { Description = "The device's id; may be left out when one device has pictures", HelpName = "ID" };
        Option<int> screen = new("--screen") { Description = "The number of the screen, from 0", HelpName = "N" };
        Option<bool> cursor = new("--cursor") { Description = "Draw the pointer too" };
        Option<string> output = new("--output", "-o") { Description = "The PNG file; - for standard output", HelpName = "FILE", Required = true };
        Command command = new("screenshot", "Save what a guest of a running host shows") { guest, device, screen, cursor, output };
        command.SetAction(line => Run(line, common, line.GetValue(guest)!, line.GetValue(output)!, new JsonObject
        {
            ["command"] = GuestPictures.Command,
            [GuestPictures.DeviceKey] = line.GetValue(device),
            [GuestPictures.ScreenKey] = line.GetValue(screen),
            [GuestPictures.PointerKey] = line.GetValue(cursor),
        }));
        return command;
    }

    private static int Run(ParseResult line, CommonOptions common, string guest, string output, JsonObject request)
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) = common.Read(line, quiet: true);
        if (settings is null)
        {
            return HostCommand.Report(errors);
        }

        (JsonObject? answer, string error) = ControlClient.Ask(ControlSocketPath.Of(settings.RuntimeFolder, guest), request);
        if (answer is null)
        {
            Console.Error.WriteLine(error);
            return ExitCode.Failed;
        }

        return Save(output, Convert.FromBase64String(answer[GuestPictures.PngKey]!.GetValue<string>()));
    }

    private static int Save(string output, byte[] png)
    {
        try
        {
            using Stream file = output == "-" ? Console.OpenStandardOutput() : File.Create(output);
            file.Write(png);
            return ExitCode.Ok;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }
}
