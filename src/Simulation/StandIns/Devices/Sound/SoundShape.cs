namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>How many of everything a sound device has, as its config space says. Even streams play, odd ones record.</summary>
internal sealed record SoundShape(int Jacks, int Streams, int Chmaps);
