namespace XenDmHost.Simulation.Demo;

/// <summary>The daemon that serves folders: QEMU's virtiofsd (up to 7.2), or the one in Rust that took its place.</summary>
internal sealed class DemoFolderDaemon
{
    private const string Qemu = "/usr/lib/qemu/virtiofsd";
    private const string Rust = "/usr/libexec/virtiofsd";

    private readonly string _program;

    private DemoFolderDaemon(string program) => _program = program;

    /// <summary>The installed one; null, and why, when there is none or this user cannot run it.</summary>
    internal static DemoFolderDaemon? Find(out string why)
    {
        string? program = new[] { Qemu, Rust }.FirstOrDefault(File.Exists);
        why = program is null ? "virtiofsd is not installed: apt-get install --no-install-recommends qemu-system-common"
            : Environment.IsPrivilegedProcess ? ""
            : $"{program} runs as root only";
        return program is not null && Environment.IsPrivilegedProcess ? new DemoFolderDaemon(program) : null;
    }

    /// <summary>The command that serves a folder. A chroot also works where namespaces cannot be made, as in a container.</summary>
    internal string[] Launch(string folder) => _program == Qemu
        ? [_program, "--socket-path={socket}", "-o", "source=" + folder, "-o", "sandbox=chroot"]
        : [_program, "--socket-path", "{socket}", "--shared-dir", folder, "--sandbox", "chroot"];
}
