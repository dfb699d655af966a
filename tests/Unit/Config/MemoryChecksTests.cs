using System.Text;
using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

public sealed class MemoryChecksTests
{
    [Fact]
    public void Banks_come_through_in_bytes()
    {
        GuestFile file = GuestFileReader.Parse(
            "work.json",
            Encoding.UTF8.GetBytes(With("""{ "banks": [ { "base": "0x40000000", "sizeMiB": 256 }, { "base": "4096", "sizeMiB": 1 } ] }""")),
            _ => true).File!;
        Assert.Equal([new GuestBank(0x4000_0000, 256UL << 20), new GuestBank(4096, 1UL << 20)], file.Banks);
    }

    [Fact]
    public void Without_them_the_toolstacks_layout_counts() =>
        Assert.Null(GuestFileReader.Parse("work.json", Encoding.UTF8.GetBytes(With(null)), _ => true).File!.Banks);

    [Theory]
    [InlineData("{}", "$.memory: required key 'banks' is missing")]
    [InlineData("""{ "banks": [] }""", "$.memory.banks: expected 1 to 16 banks, found 0")]
    [InlineData("""{ "bank": [] }""", "$.memory.bank: unknown key 'bank'; did you mean 'banks'?")]
    [InlineData("""{ "banks": [ { "base": "x", "sizeMiB": 1 } ] }""",
        "$.memory.banks[0].base: expected an address such as \"0x40000000\" (hexadecimal with 0x, or decimal), found the string \"x\"")]
    [InlineData("""{ "banks": [ { "base": "0x40000001", "sizeMiB": 1 } ] }""",
        "$.memory.banks[0].base: 0x40000001 is no place for a bank; it must be a multiple of 0x1000 below 0x100000000000")]
    [InlineData("""{ "banks": [ { "base": "0", "sizeMiB": 0 } ] }""", "$.memory.banks[0].sizeMiB: expected an integer from 1 to 16777216, found the number 0")]
    [InlineData("""{ "banks": [ { "base": "0", "sizeMiB": 2 }, { "base": "0x100000", "sizeMiB": 1 } ] }""",
        "$.memory.banks[1]: the bank from 0x100000 to 0x200000 overlaps the one on line 1")]
    public void A_mistake_is_named_with_its_place(string memory, string expected) =>
        Assert.Equal("work.json:1: " + expected, Errors.Of(With(memory)));

    [Fact]
    public void A_simulation_has_its_own() => Assert.Equal(
        "work.json:1: $.memory: 'memory' is for \"platform\": \"xen\"; a simulation says itself where its RAM is",
        Errors.Of(With("""{ "banks": [ { "base": "0", "sizeMiB": 1 } ] }""", platform: "\"platform\": \"simulated\", ")));

    private static string With(string? memory, string platform = "") =>
        "{ \"guest\": \"work\", " + platform + (memory is null ? "" : "\"memory\": " + memory + ", ")
        + "\"devices\": [ { \"plugin\": \"p\", \"id\": 0, \"backEnd\": { \"socket\": \"/s\" } } ] }";
}
