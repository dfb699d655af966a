using System.Text;
using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

/// <summary>The lines that a user sees for a file, joined by line feeds.</summary>
internal static class Errors
{
    internal static string Of(string json, Predicate<string>? directoryExists = null) =>
        Of(Encoding.UTF8.GetBytes(json), directoryExists);

    internal static string Of(byte[] json, Predicate<string>? directoryExists = null) =>
        Join(GuestFileReader.Parse("work.json", json, directoryExists ?? (_ => true)).Errors);

    /// <summary>Of a guest file whose only device has these keys, on line 3, besides the required ones.</summary>
    internal static string OfDevice(string keys) => Of(Device(keys));

    /// <summary>Of a guest file whose only device has these keys in its "backEnd", on line 3.</summary>
    internal static string OfBackEnd(string keys, Predicate<string>? directoryExists = null, string guest = "work") =>
        Of($$"""
            { "guest": "{{guest}}", "devices": [
              { "plugin": "snd", "id": 7, "backEnd": {
                {{keys}}
              } } ] }
            """, directoryExists);

    internal static string OfHost(string json) =>
        Join(HostFileReader.Parse("host.json", Encoding.UTF8.GetBytes(json)).Errors);

    internal static string Device(string keys) =>
        $$"""
        { "guest": "work", "devices": [
          { "plugin": "snd", "id": 0, "backEnd": { "socket": "/run/snd.sock" },
            {{keys}}
          } ] }
        """;

    internal static string Join(IEnumerable<ConfigError> errors) => string.Join('\n', errors);
}
