using System.CommandLine;
using XenDmHost.Simulation.StandIns.Devices.Console;
using XenDmHost.Simulation.StandIns.Devices.Gpio;
using XenDmHost.Simulation.StandIns.Devices.Rng;
using XenDmHost.Simulation.StandIns.Devices.Scmi;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns;

/// <summary>The small devices, each with the numbers that its vhost-device daemon was seen to have.</summary>
internal static partial class StandInCommand
{
    private static Command CreateRng()
    {
        Option<string> source = new("--source") { Description = "where the bytes come from, over and over", DefaultValueFactory = _ => "/dev/urandom" };
        Option<string> record = new("--record") { Description = "file that the bytes given are written to" };
        Option<int> size = QueueSize(1024);
        Command command = new("rng", "virtio-rng") { source, record, size };
        command.SetAction(parsed => Report(() =>
        {
            using FileStream bytes = OpenSource(parsed.GetValue(source)!);
            using FileStream? file = parsed.GetValue(record) is { } path ? CreateRecording(path) : null;
            return new StandInServer("rng", Read(parsed, size, ProtocolFeature.WithoutConfig), () => new RngDevice(bytes, file)).Run();
        }));
        return command;
    }

    private static Command CreateConsole()
    {
        Option<string> record = new("--record") { Description = "file that the guest's output is written to" };
        Option<int> size = QueueSize(128);
        Command command = new("console", "virtio-console whose other end is a mirror") { record, size };
        command.SetAction(parsed => Report(() =>
        {
            using FileStream? file = parsed.GetValue(record) is { } path ? CreateRecording(path) : null;
            return new StandInServer("console", Read(parsed, size, ProtocolFeature.Daemon), () => new ConsoleDevice(file)).Run();
        }));
        return command;
    }

    private static Command CreateGpio()
    {
        Option<int> lines = Number("--lines", 8, "number of lines; each even one is wired to the next");
        Option<int> size = QueueSize(256);
        Command command = new("gpio", "virtio-gpio") { lines, size };
        command.SetAction(parsed => Report(() => new StandInServer(
            "gpio", Read(parsed, size, ProtocolFeature.Daemon), () => new GpioDevice(parsed.GetValue(lines))).Run()));
        return command;
    }

    private static Command CreateScmi()
    {
        Option<string> sensor = new("--sensor") { Description = "name of the sensor", DefaultValueFactory = _ => "foo" };
        Option<int> size = QueueSize(1024);
        Command command = new("scmi", "virtio-scmi with one sensor") { sensor, size };
        command.SetAction(parsed => Report(() => new StandInServer(
            "scmi", Read(parsed, size, ProtocolFeature.WithoutConfig), () => new ScmiDevice(parsed.GetValue(sensor)!)).Run()));
        return command;
    }

    /// <summary>An empty file would never give a byte.</summary>
    private static FileStream OpenSource(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (!file.CanSeek || file.ReadByte() >= 0)
        {
            if (file.CanSeek) file.Position = 0;
            return file;
        }
        file.Dispose();
        throw new IOException($"{path}: is empty");
    }
}
