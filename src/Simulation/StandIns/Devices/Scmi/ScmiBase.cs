namespace XenDmHost.Simulation.StandIns.Devices.Scmi;

/// <summary>The base protocol, version 2.0 (Arm DEN0056, 4.2), as vhost-device-scmi answers it: there is no sub-vendor.</summary>
internal static class ScmiBase
{
    internal const byte Protocol = 0x10;
    private const byte Version = 0, Attributes = 1, MessageAttributes = 2, Vendor = 3, ImplementationVersion = 5, ListProtocols = 6;

    /// <summary>How many parameters of 4 bytes a message has; null when there is no such message.</summary>
    internal static int? ParametersOf(byte message) => message switch
    {
        Version or Attributes or Vendor or ImplementationVersion => 0,
        MessageAttributes or ListProtocols => 1,
        _ => null,
    };

    internal static byte[] Answer(byte message, uint parameter) => message switch
    {
        Version => ScmiAnswer.Success(0x20000),
        Attributes => ScmiAnswer.Success(1),
        MessageAttributes => parameter <= byte.MaxValue && ParametersOf((byte)parameter) is not null
            ? ScmiAnswer.Success(0)
            : ScmiAnswer.Failed(ScmiStatus.NotFound),
        Vendor => [.. ScmiAnswer.Success(), .. ScmiAnswer.Name("rust-vmm")],
        ImplementationVersion => ScmiAnswer.Success(0),
        _ => List(skip: parameter),
    };

    /// <summary>One protocol beside this one; four of them would share a word.</summary>
    private static byte[] List(uint skip) => skip switch
    {
        0 => ScmiAnswer.Success(1, ScmiSensor.Protocol),
        1 => ScmiAnswer.Success(0),
        _ => ScmiAnswer.Failed(ScmiStatus.InvalidParameters),
    };
}
