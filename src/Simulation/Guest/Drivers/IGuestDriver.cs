using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>A driver for one virtio device type. One object drives one device once.</summary>
internal interface IGuestDriver
{
    /// <summary>The short name in the report.</summary>
    string Name { get; }

    /// <summary>The device-specific feature bits that it understands.</summary>
    ulong Features { get; }

    /// <summary>
    /// Sets up the queues, says DRIVER_OK and does real work with the device, whose features are negotiated. Gives what
    /// it found out; throws <see cref="DriverFailure"/> when the device does not do what the specification promises.
    /// </summary>
    JsonObject Drive(DriverContext context);

    /// <summary>What was verified, in one line for people.</summary>
    /// <param name="facts">What <see cref="Drive"/> gave, and the transport's counters.</param>
    string Summarize(JsonObject facts);
}
