using System.Text;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>Enum members as a command line spells them: RefuseNack is written refuse-nack.</summary>
internal static class Names
{
    internal static string Of<T>(T value) where T : struct, Enum
    {
        StringBuilder name = new();
        foreach (char letter in value.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0) name.Append('-');
            name.Append(char.ToLowerInvariant(letter));
        }
        return name.ToString();
    }

    internal static T? Find<T>(string name) where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (Of(value) == name) return value;
        }
        return null;
    }
}
