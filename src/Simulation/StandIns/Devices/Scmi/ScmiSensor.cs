namespace XenDmHost.Simulation.StandIns.Devices.Scmi;

/// <summary>
/// The sensor protocol, version 3.0 (Arm DEN0056, 4.7), with one sensor like vhost-device-scmi's fake one: an accelerometer
/// of three axes, whose readings grow by one with each question and which has to be enabled first.
/// </summary>
internal sealed class ScmiSensor(string name)
{
    internal const byte Protocol = 0x15;
    private const byte Version = 0, Attributes = 1, MessageAttributes = 2, DescriptionGet = 3, ReadingGet = 6, ConfigGet = 9, ConfigSet = 10;
    private const uint HasAxes = 1 << 8, Axes = 3, MetersPerSecondSquared = 89;

    private byte _reading;
    private uint _config;

    /// <summary>How many parameters of 4 bytes a message has; null when there is no such message.</summary>
    internal static int? ParametersOf(byte message) => message switch
    {
        Version or Attributes => 0,
        MessageAttributes or DescriptionGet or ConfigGet => 1,
        ReadingGet or ConfigSet => 2,
        _ => null,
    };

    internal byte[] Answer(byte message, uint first, uint second) => message switch
    {
        Version => ScmiAnswer.Success(0x30000),
        Attributes => ScmiAnswer.Success(1, 0, 0, 0),
        MessageAttributes => first <= byte.MaxValue && ParametersOf((byte)first) is not null
            ? ScmiAnswer.Success(0)
            : ScmiAnswer.Failed(ScmiStatus.NotFound),
        _ when first != 0 => ScmiAnswer.Failed(ScmiStatus.InvalidParameters),
        DescriptionGet => [.. ScmiAnswer.Success(1, 0, 0, HasAxes | (Axes << 16) | MetersPerSecondSquared), .. ScmiAnswer.Name(name)],
        ConfigGet => ScmiAnswer.Success(_config),
        ConfigSet => SetConfig(second),
        _ => Read(flags: second),
    };

    private byte[] SetConfig(uint config)
    {
        _config = config & 1;
        return ScmiAnswer.Success();
    }

    /// <summary>For each axis the value and a time stamp, 8 bytes each.</summary>
    private byte[] Read(uint flags)
    {
        if (flags != 0) return ScmiAnswer.Failed(ScmiStatus.NotSupported);
        if (_config == 0) return ScmiAnswer.Failed(ScmiStatus.InvalidParameters);
        uint reading = _reading++;
        return ScmiAnswer.Success([.. Enumerable.Range(0, (int)Axes).SelectMany(axis => (uint[])[reading + (100 * (uint)axis), 0, 0, 0])]);
    }
}
