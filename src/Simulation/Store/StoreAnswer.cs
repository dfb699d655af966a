using System.Text;

namespace XenDmHost.Simulation.Store;

/// <summary>What goes back for a request.</summary>
internal readonly record struct StoreAnswer(StoreErrno Error, byte[] Payload)
{
    internal static StoreAnswer Of(byte[] payload) => new(StoreErrno.None, payload);

    internal static StoreAnswer Of(string text) => Of(Encoding.Latin1.GetBytes(text + "\0"));

    public static implicit operator StoreAnswer(StoreErrno error) =>
        error == StoreErrno.None ? Of("OK") : new StoreAnswer(error, Encoding.Latin1.GetBytes(error + "\0"));
}
