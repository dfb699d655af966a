using System.Text;
using CsCheck;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Schema;

namespace XenDmHost.UnitTests.Config;

/// <summary>Whatever a file holds, the readers answer: with a guest or with errors, never with an exception.</summary>
public sealed class MutationTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(Guests.Full);

    /// <summary>Pieces that turn one valid file into another that is nearly valid, which random bytes hardly ever do.</summary>
    private static readonly string[] Pieces =
    [
        "null", "{}", "[]", "\"\"", "0", "-1", "1e999", "true", "\"\\ud800\"", "\"a:b\": 1,", "\"id\": 1,", "\"ID\": 1,",
        "\"\\u0000\"", "{domid}", "//", "/*", ",", ":", "\"", "\n", "\uFEFF", "[[[[", "\"options\": { \"a\": [ {} ] },",
    ];

    [Fact]
    public void Changed_bytes_never_throw() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                byte[] file = [.. Good];
                foreach ((int place, byte value) in changes)
                {
                    file[place] = value;
                }

                return IsAnswered(file);
            });

    [Fact]
    public void Truncated_files_never_throw() =>
        Assert.All(Enumerable.Range(0, Good.Length), length => Assert.True(IsAnswered(Good[..length])));

    [Fact]
    public void Files_with_pieces_put_in_or_taken_out_never_throw() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 24], Gen.Int[0, Pieces.Length - 1]).Array[1, 4].Sample(
            changes =>
            {
                List<byte> file = [.. Good];
                foreach ((int place, int taken, int piece) in changes)
                {
                    int start = Math.Min(place, file.Count);
                    file.RemoveRange(start, Math.Min(taken, file.Count - start));
                    file.InsertRange(start, Encoding.UTF8.GetBytes(Pieces[piece]));
                }

                return IsAnswered([.. file]);
            });

    [Fact]
    public void Any_value_in_place_of_any_other_never_throws()
    {
        // Each scalar and bracket pair of the good file in turn gives way to each piece.
        string[] tokens = ["\"work\"", "\"simulated\"", "\"sim\"", "\"snd\"", "\"1.2.0\"", "3,", "\"0\"", "64", "128", "\"0x02000000\"", "33,", "10000", "\"never\"", "true", "48000"];
        foreach (string token in tokens)
        {
            Assert.Contains(token, Guests.Full, StringComparison.Ordinal);
            Assert.All(Pieces, piece => Assert.True(IsAnswered(Encoding.UTF8.GetBytes(Guests.Full.Replace(token, piece, StringComparison.Ordinal)))));
        }
    }

    [Fact]
    public void A_plugins_schema_never_throws()
    {
        byte[] schema = """{ "type": ["object"], "properties": { "rate": { "type": "integer", "minimum": 1, "enum": [48000], "pattern": "^a(b)$" } }, "required": ["rate"], "additionalProperties": true }"""u8.ToArray();
        DeviceEntry device = Guests.Parse(Guests.Full).Devices[0];
        Assert.Empty(OptionsSchemaChecker.Check(device, Encoding.UTF8.GetString(schema)));
        Gen.Select(Gen.Int[0, schema.Length - 1], Gen.Char[' ', '~']).Array[1, 3].Sample(
            changes =>
            {
                byte[] changed = [.. schema];
                foreach ((int place, char value) in changes)
                {
                    changed[place] = (byte)value;
                }

                return OptionsSchemaChecker.Check(device, Encoding.UTF8.GetString(changed)).All(IsOneLine);
            });
    }

    private static bool IsAnswered(byte[] file)
    {
        (GuestFile? guest, IReadOnlyList<ConfigError> errors) = GuestFileReader.Parse("work.json", file, _ => true);
        _ = HostFileReader.Parse("host.json", file);
        _ = guest?.Devices.Select(device => device.ResolveBackEnd(1)).ToList();
        return guest is null == errors.Count > 0 && errors.All(IsOneLine);
    }

    private static bool IsOneLine(ConfigError error) => !error.ToString().Any(char.IsControl);
}
