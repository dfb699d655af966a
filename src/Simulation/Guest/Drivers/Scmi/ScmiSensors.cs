using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Scmi;

/// <summary>The sensor protocol (Arm DEN0056, 4.7): counts the sensors, describes the first, and reads it twice.</summary>
internal sealed class ScmiSensors(ScmiCommands commands)
{
    private const int NameAt = 16;
    private const int NameBytes = 16;
    private const uint Enable = 1;

    internal void AddTo(JsonObject facts)
    {
        facts["sensorVersion"] = $"0x{commands.Number(ScmiMessage.SensorVersion):x}";
        var count = commands.Number(ScmiMessage.SensorAttributes) & 0xffff;
        facts["sensors"] = count;
        if (count == 0)
        {
            return;
        }

        var description = commands.Ask(ScmiMessage.SensorDescriptionGet, NameAt + NameBytes, 0);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(description) & 0xfff) == 0 || BinaryPrimitives.ReadUInt32LittleEndian(description.AsSpan(4)) != 0)
        {
            throw new DriverFailure("the description of sensor 0 is empty, or another one's");
        }

        facts["sensorName"] = ScmiCommands.Name(description.AsSpan(NameAt, NameBytes));
        commands.Ask(ScmiMessage.SensorConfigSet, 0, 0, Enable);
        facts["readings"] = new JsonArray(JsonValue.Create(Read()), JsonValue.Create(Read()));
    }

    private ulong Read() => BinaryPrimitives.ReadUInt64LittleEndian(commands.Ask(ScmiMessage.SensorReadingGet, 8, 0, 0));
}
