using System.CommandLine;
using XenDmHost.Host.Cli;

CommonOptions common = new();
RootCommand root = new("Gives Xen guests virtio-mmio devices that vhost-user back-end daemons serve")
{
    RunCommand.Create(common),
    DemoCommand.Create(common),
    CheckCommand.Create(common),
    AttachCommand.Create(common),
    DetachCommand.Create(common),
    ProbeCommand.Create(common),
    SchemaCommand.Create(common),
    PluginsCommand.Create(common),
    XlConfigCommand.Create(common),
    ScreenshotCommand.Create(common),
    StatusCommand.Create(common),
};
common.AddTo(root);
ParseResult line = root.Parse(args);
if (line.Errors.Count > 0)
{
    Console.Error.WriteLine($"{line.Errors[0].Message} (see xendmhost --help)");
    return ExitCode.BadConfiguration;
}

return line.Invoke();
