using System.Text;
using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

/// <summary>Guest files that pass.</summary>
internal static class Guests
{
    /// <summary>A file that uses every key.</summary>
    internal const string Full = """
        // comments are allowed
        {
          "guest": "work",
          "platform": "simulated",
          "simulation": "sim",
          "devices": [
            {
              "plugin": "snd", "version": "1.2.0", "id": 3,
              "backEnd": {
                "socket": "{dir}/{guest}-{id}.sock", "socketSuffix": "0",
                "launch": ["./be", "--socket", "{socket}", "--json", "{\"a\":1}", ""], "restart": "never"
              },
              "queues": { "size": 64, "sizes": { "event": 128 } },
              "transport": { "base": "0x02000000", "irq": 33, "waitForBackEndMs": 10000 },
              "quirks": { "slow-start": true },
              "options": { "rate": 48000, "streams": [ { "name": "a" }, { "name": "b" } ] },
            },
            { "plugin": "blk", "id": 0, "backEnd": { "socket": "/run/d{domid}/blk.sock", "listen": true },
              "transport": { "base": 33554944, "irq": 34 } },
          ],
        }
        """;

    internal static GuestFile Parse(string json, string path = "/srv/guests/work.json")
    {
        (GuestFile? file, IReadOnlyList<ConfigError> errors) =
            GuestFileReader.Parse(path, Encoding.UTF8.GetBytes(json), _ => true);
        Assert.Equal("", Errors.Join(errors));
        return file!;
    }

    internal static DeviceEntry Device(string keys) => Parse(Errors.Device(keys), "work.json").Devices[0];
}
