using System.Text;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.UnitTests.Config.Json;

public sealed class JsonTreeParserTests
{
    [Fact]
    public void Values_and_keys_know_their_lines_columns_and_paths()
    {
        JsonTreeNode root = Parse("""
            { // comment
              "a": [ 1,
                     { "odd name": true } ],
              "b":
                null
            }
            """);
        JsonTreeNode inner = root.Find("a")!.Items[1];
        Assert.Equal((3, 10, "$.a[1]"), (inner.Line, inner.Column, inner.Path));
        Assert.Equal((3, 12), (inner.Members[0].Line, inner.Members[0].Column));
        Assert.Equal("$.a[1]['odd name']", inner.Members[0].Value.Path);
        Assert.Equal((4, 5), (root.Members[1].Line, root.Find("b")!.Line));
    }

    [Fact]
    public void Every_kind_of_value_keeps_its_text()
    {
        IReadOnlyList<JsonTreeNode> items = Parse("""[ null, true, false, -1.50e2, "\u0041\n", [], {} ]""").Items;
        Assert.Equal(["null", "true", "false", "-1.50e2", "A\n", "", ""], items.Select(item => item.Text));
        Assert.Equal(
            [JsonKind.Null, JsonKind.Boolean, JsonKind.Boolean, JsonKind.Number, JsonKind.String, JsonKind.Array, JsonKind.Object],
            items.Select(item => item.Kind));
    }

    [Theory]
    [InlineData("a", ".a")]
    [InlineData("back_End2", ".back_End2")]
    [InlineData("2a", "['2a']")]
    [InlineData("slow-start", "['slow-start']")]
    [InlineData("it's", "['it\\'s']")]
    [InlineData("ä", "['ä']")]
    public void Odd_names_are_quoted_in_paths(string name, string step) =>
        Assert.Equal(step, JsonPath.Step(name));

    [Fact]
    public void A_carriage_return_before_the_line_feed_counts_no_line() =>
        Assert.Equal(3, Parse("[\r\n1,\r\n2]").Items[1].Line);

    [Fact]
    public void A_byte_order_mark_moves_no_column()
    {
        JsonTreeNode root = JsonTreeParser.Parse([0xEF, 0xBB, 0xBF, (byte)'1'], new ConfigErrorList("f"))!;
        Assert.Equal((1, 1), (root.Line, root.Column));
    }

    [Theory]
    [InlineData("", "work.json:1: $: not valid JSON in column 1: the file is empty")]
    [InlineData("{\n  \"a\": }", "work.json:2: $.a: not valid JSON in column 8: '}' is an invalid start of a value")]
    [InlineData("{} {}", "work.json:1: $: not valid JSON in column 4: '{' is invalid after a single JSON value. Expected end of data")]
    [InlineData("{\"guest\": \"work\"", "work.json:1: $: not valid JSON in column 17: the file ends before an object or array is closed")]
    [InlineData("{\"devices\": [1 2]}", "work.json:1: $.devices: not valid JSON in column 16: '2' is invalid after a value. Expected either ',', '}', or ']'")]
    [InlineData("{ /* }", "work.json:1: $: not valid JSON in column 3: Expected end of comment, but instead reached end of data")]
    public void A_syntax_error_is_one_line_with_the_innermost_path(string json, string line) =>
        Assert.Equal(line, Errors.Of(json));

    [Fact]
    public void Values_nested_too_deeply_are_refused() => Assert.Equal(
        "work.json:1: $" + string.Concat(Enumerable.Repeat("[0]", 31)) + ": not valid JSON in column 33: objects and arrays are nested more than 32 deep",
        Errors.Of(new string('[', 100)));

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xC3, (byte)'"' }, "byte 0xc3 in column 2 is not UTF-8; save the file as UTF-8")]
    [InlineData(new byte[] { (byte)'\n', 0xFF }, "byte 0xff in column 1 is not UTF-8; save the file as UTF-8")]
    public void Bytes_that_are_not_UTF8_are_refused(byte[] file, string message) =>
        Assert.Equal($"work.json:2: $: {message}", Errors.Of(file));

    [Fact]
    public void A_file_in_UTF16_is_refused() => Assert.Equal(
        "work.json:1: $: byte 0xff in column 1 is not UTF-8; save the file as UTF-8",
        Errors.Of(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Guests.Full)).ToArray()));

    [Theory]
    [InlineData("{\n\"guest\": \"\\ud800\" }", "$.guest", 10)]
    [InlineData("{\n\"\\ud800\": 1 }", "$", 1)]
    public void Half_a_surrogate_pair_is_refused(string json, string path, int column) => Assert.Equal(
        $"work.json:2: {path}: the string in column {column} has a \\u escape that is half of a pair", Errors.Of(json));

    [Fact]
    public void A_key_that_differs_only_in_case_is_a_duplicate() => Assert.Equal(
        "work.json:3: $.devices[0].options.Rate: key 'Rate' differs only in case from 'rate' on line 3",
        Errors.OfDevice("\"options\": { \"rate\": 1, \"Rate\": 2 }"));

    [Fact]
    public void An_empty_key_is_refused() => Assert.Equal(
        "work.json:3: $.devices[0].options['']: a key must not be empty", Errors.OfDevice("\"options\": { \"\": 1 }"));

    [Fact]
    public void A_key_that_is_too_long_is_refused_without_repeating_it() => Assert.Equal(
        "work.json:3: $.devices[0].options['...']: a key of 129 characters is too long; 128 are allowed",
        Errors.OfDevice($$"""  "options": { "{{new string('a', 129)}}": 1, "{{new string('b', 128)}}": 2 } """));

    [Fact]
    public void Control_characters_of_the_file_do_not_reach_the_terminal() => Assert.Equal(
        "work.json:3: $.devices[0]['a\\u000a\\u001b[31m']: unknown key 'a\\u000a\\u001b[31m'; known here: plugin, version, id, backEnd, queues, transport, quirks, options",
        Errors.OfDevice("\"a\\n\\u001b[31m\": 1"));

    [Fact]
    public void Long_strings_are_cut_in_messages() => Assert.Equal(
        $"work.json:3: $.devices[0].options: expected an object, found the string \"{new string('a', 59)}...\"",
        Errors.OfDevice($"\"options\": \"{new string('a', 59)}\\ud83d\\ude00{new string('a', 9)}\""));

    private static JsonTreeNode Parse(string json)
    {
        var errors = new ConfigErrorList("f");
        JsonTreeNode? root = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), errors);
        Assert.Equal("", Errors.Join(errors.Sorted()));
        return root!;
    }
}
