using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary>What the commands have in common: read the settings, build the host, report errors in one line each.</summary>
internal static class HostCommand
{
    /// <summary>Guest files on the command line.</summary>
    internal static Argument<string[]> GuestFiles()
    {
        Argument<string[]> files = new("FILE") { Description = "Guest files, or folders of them", Arity = ArgumentArity.OneOrMore };
        files.Validators.Add(result =>
        {
            // The parser takes an option that it does not know for one file more.
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
            {
                result.AddError($"Unknown option '{option.Value}'; a file of such a name is written './{option.Value}'");
            }
        });
        return files;
    }

    /// <summary>Runs a command's body with the host built.</summary>
    internal static int Run(ParseResult line, CommonOptions common, Func<ServiceProvider, int> body, bool quiet = true)
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) = common.Read(line, quiet);
        if (settings is null)
        {
            return Report(errors);
        }

        try
        {
            using ServiceProvider services = HostServices.Build(settings);
            return body(services);
        }
        catch (Exception refused) when (refused is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Plans guest files; of a folder, every *.json in it.</summary>
    internal static (List<GuestPlan> Plans, List<ConfigError> Errors) Plan(GuestPlanner planner, IReadOnlyList<string> paths)
    {
        List<GuestPlan> plans = [];
        List<ConfigError> errors = [];
        foreach (string path in paths.SelectMany(Expand))
        {
            (GuestPlan? plan, IReadOnlyList<ConfigError> wrong) = planner.Plan(path);
            errors.AddRange(wrong);
            if (plan is not null)
            {
                plans.Add(plan);
            }
        }

        foreach (string empty in paths.Where(path => Directory.Exists(path) && !Expand(path).Any()))
        {
            errors.Add(new ConfigError(empty, 0, "$", "there is no *.json in this folder; name guest files, or a folder that has some"));
        }

        foreach (GuestPlan twice in plans.GroupBy(plan => plan.File.Guest).SelectMany(group => group.Skip(1)))
        {
            errors.Add(new ConfigError(twice.File.Path, 1, "$.guest", $"another file serves the guest '{twice.File.Guest}' too; one file per guest"));
        }

        return (plans, errors);
    }

    internal static int Report(IReadOnlyList<ConfigError> errors)
    {
        foreach (ConfigError error in errors)
        {
            Console.Error.WriteLine(error);
        }

        return ExitCode.BadConfiguration;
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal) : [path];
}
