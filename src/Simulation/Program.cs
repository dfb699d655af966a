using System.CommandLine;
using XenDmHost.Simulation.Cli;
using XenDmHost.Simulation.Demo;
using XenDmHost.Simulation.StandIns;

var root = new RootCommand("A simulated Xen platform for XenDmHost: hypervisor, xenstore, guests and stand-in back-ends");
root.Subcommands.Add(GuestCommand.Create());
root.Subcommands.Add(StandInCommand.Create());
root.Subcommands.Add(DemoCommands.CreatePrepare());
root.Subcommands.Add(DemoCommands.CreateVerify());
var parsed = root.Parse(args);
var code = parsed.Invoke();
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
