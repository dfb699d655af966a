namespace XenDmHost.Host.Cli;

/// <summary>The host's exit codes; README.md lists them too.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;

    /// <summary>What was asked for did not hold: a device of the demo failed, the host could not go on.</summary>
    internal const int Failed = 1;

    /// <summary>The command line, the host file or a guest file is wrong. Nothing was started.</summary>
    internal const int BadConfiguration = 2;
}
