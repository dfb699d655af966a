using System.CommandLine;
using XenDmHost.Simulation.StandIns;

RootCommand root = new("Plays what XenDmHost needs around it where there is no Xen.") { StandInCommand.Create() };
return root.Parse(args).Invoke();
