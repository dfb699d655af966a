namespace XenDmHost.Plugins.Generic;

/// <summary>A feature bit that says that a field counts: offered when the guest file gives the field a value, else hidden.</summary>
/// <param name="Bit">The bit's number.</param>
/// <param name="Name">Its name in the specification.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="Field">The field's name.</param>
/// <param name="TellsMtu">Whether the value is the MTU that the back-end is told.</param>
internal sealed record ProfileFieldFeature(int Bit, string Name, string Reason, string Field, bool TellsMtu);
