namespace XenDmHost.Simulation.Demo;

/// <summary>Something found outside the guest after it had ended.</summary>
/// <param name="Id">The device.</param>
/// <param name="Good">Whether it agrees with what the guest reported.</param>
/// <param name="Text">For people.</param>
internal sealed record DemoFinding(int Id, bool Good, string Text);
