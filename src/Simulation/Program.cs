using System.CommandLine;
using XenDmHost.Simulation.Cli;
using XenDmHost.Simulation.StandIns;

RootCommand root = new("Plays what XenDmHost needs around it where there is no Xen: hypervisor, xenstore, guests and stand-in back-ends.")
{
    GuestCommand.Create(),
    StandInCommand.Create(),
};
var parsed = root.Parse(args);
var code = parsed.Invoke();
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
