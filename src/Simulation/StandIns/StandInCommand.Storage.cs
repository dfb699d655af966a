using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using XenDmHost.Simulation.StandIns.Devices.Block;
using XenDmHost.Simulation.StandIns.Devices.Fs;
using XenDmHost.Simulation.StandIns.Devices.Scsi;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns;

/// <summary>Files and folders, each with the numbers that its daemon was seen to have.</summary>
internal static partial class StandInCommand
{
    private static Command CreateFs()
    {
        Option<string> folder = new("--shared-dir") { Required = true, Description = "folder that the guest may read" };
        Option<string> tag = new("--tag") { Description = "its name in the guest; without it the daemon has no config" };
        tag.Validators.Add(CheckTag);
        Option<int> queues = Number("--queues", 1, "number of request queues");
        Option<int> size = QueueSize(1024);
        Command command = new("fs", "virtio-fs on a folder that can only be read") { folder, tag, queues, size };
        command.SetAction(parsed => Report(() =>
        {
            string path = parsed.GetValue(folder)!;
            if (!Directory.Exists(path)) throw new IOException($"{path}: is no folder");
            string? name = parsed.GetValue(tag);
            ulong offered = ProtocolFeature.Default & (name is null ? ~ProtocolFeature.CONFIG : ~0UL);
            return new StandInServer("fs", Read(parsed, size, offered), () => new FsDevice(path, name, parsed.GetValue(queues))).Run();
        }));
        return command;
    }

    private static Command CreateScsi()
    {
        Option<string> image = new("--image") { Required = true, Description = "file behind the logical unit" };
        Option<bool> readOnly = new("--read-only") { Description = "refuse writes" };
        Option<int> size = QueueSize(128);
        Command command = new("scsi", "virtio-scsi with one disk") { image, readOnly, size };
        command.SetAction(parsed => Report(() =>
        {
            using BlockImage file = new(parsed.GetValue(image)!, parsed.GetValue(readOnly));
            StandInOptions options = Read(parsed, size, ProtocolFeature.Daemon);
            return new StandInServer("scsi", options, () => new ScsiDevice(new ScsiDisk(file), options.MaximumQueueSize)).Run();
        }));
        return command;
    }

    private static void CheckTag(OptionResult result)
    {
        int bytes = Encoding.UTF8.GetByteCount(result.GetValueOrDefault<string>() ?? "-");
        if (bytes is 0 or > FsDevice.TagSize) result.AddError($"--tag has from 1 to {FsDevice.TagSize} bytes");
    }
}
