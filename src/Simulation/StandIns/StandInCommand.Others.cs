using System.CommandLine;
using System.Net;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices.I2c;
using XenDmHost.Simulation.StandIns.Devices.Input;
using XenDmHost.Simulation.StandIns.Devices.Net;
using XenDmHost.Simulation.StandIns.Devices.Vsock;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns;

/// <summary>Devices with an outside world, and i2c, each with the numbers that its daemon was seen to have.</summary>
internal static partial class StandInCommand
{
    private static Command CreateInput()
    {
        Option<string> events = new("--events") { Description = "pipe from which struct input_event is read; made if it is not there" };
        Option<string> record = new("--record") { Description = "file that the guest's status events are written to, 8 bytes each" };
        Option<int> size = QueueSize(1024);
        Command command = new("input", "virtio-input, a keyboard") { events, record, size };
        command.SetAction(parsed => Report(() =>
        {
            using Fifo? pipe = parsed.GetValue(events) is { } path ? Fifo.Open(path) : null;
            using FileStream? file = parsed.GetValue(record) is { } name ? CreateRecording(name) : null;
            StandInOptions options = Read(parsed, size, ProtocolFeature.Daemon);
            return new StandInServer("input", options, () => new InputDevice(pipe, file)).Run();
        }));
        return command;
    }

    private static Command CreateVsock()
    {
        Option<ulong> cid = new("--guest-cid") { Description = "the guest's context id", DefaultValueFactory = _ => 3 };
        Option<string> path = new("--uds-path") { Required = true, Description = "port N of the host is the Unix socket at this path and _N" };
        Option<int> size = QueueSize(1024);
        Command command = new("vsock", "virtio-vsock, connections from the guest") { cid, path, size };
        command.SetAction(parsed => Report(() =>
        {
            // The original's rings know no indirect tables.
            StandInOptions options = Withholding(Read(parsed, size, ProtocolFeature.Daemon), VirtioFeature.IndirectDesc);
            return new StandInServer("vsock", options, () => new VsockDevice(parsed.GetValue(cid), parsed.GetValue(path)!)).Run();
        }));
        return command;
    }

    private static Command CreateNet()
    {
        Option<string> gateway = new("--gateway") { Description = "IPv4 address that answers who-has", DefaultValueFactory = _ => "192.0.2.2" };
        gateway.Validators.Add(result =>
        {
            if (!TryAddress(result.GetValueOrDefault<string>(), out _)) result.AddError("--gateway is an IPv4 address");
        });
        Option<int> size = QueueSize(1024);
        Command command = new("net", "virtio-net with a gateway that answers ARP") { gateway, size };
        command.SetAction(parsed => Report(() =>
        {
            // As passt: neither of the ring's features, no MQ, no CONFIG.
            StandInOptions options = Withholding(
                Read(parsed, size, ProtocolFeature.REPLY_ACK), VirtioFeature.IndirectDesc | VirtioFeature.EventIdx);
            TryAddress(parsed.GetValue(gateway), out IPAddress? address);
            return new StandInServer("net", options, () => new NetDevice(address!)).Run();
        }));
        return command;
    }

    private static Command CreateI2c()
    {
        Option<int> address = Number("--address", 0x50, "7-bit address of the memory on the bus");
        Option<int> size = QueueSize(1024);
        Command command = new("i2c", "virtio-i2c with a memory of 256 bytes on the bus") { address, size };
        command.SetAction(parsed => Report(() => new StandInServer(
            "i2c", Read(parsed, size, ProtocolFeature.WithoutConfig), () => new I2cDevice(parsed.GetValue(address))).Run()));
        return command;
    }

    private static bool TryAddress(string? text, out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;

    private static StandInOptions Withholding(StandInOptions options, ulong features) =>
        options with { WithheldFeatures = options.WithheldFeatures | features };
}
