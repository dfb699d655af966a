using XenDmHost.Host.Config.Schema;

namespace XenDmHost.UnitTests.Config.Schema;

public sealed class OptionsSchemaCheckerTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("boolean", "false")]
    [InlineData("number", "1.5")]
    [InlineData("integer", "-3")]
    [InlineData("string", "\"\"")]
    [InlineData("array", "[]")]
    [InlineData("object", "{}")]
    public void A_value_of_the_type_passes(string type, string value) =>
        Assert.Equal("", CheckValue($$"""{ "type": "{{type}}" }""", value));

    [Theory]
    [InlineData("\"null\"", "0", "null", "the number 0")]
    [InlineData("\"boolean\"", "\"true\"", "true or false", "the string \"true\"")]
    [InlineData("\"number\"", "\"1\"", "a number", "the string \"1\"")]
    [InlineData("\"integer\"", "1.5", "an integer", "the number 1.5")]
    [InlineData("\"string\"", "{}", "a string", "an object")]
    [InlineData("\"array\"", "null", "an array", "null")]
    [InlineData("\"object\"", "[]", "an object", "an array")]
    [InlineData("[\"string\", \"integer\", \"array\"]", "true", "a string, an integer or an array", "true")]
    public void A_value_of_another_type_is_an_error(string type, string value, string expected, string found) => Assert.Equal(
        $"work.json:3: $.devices[0].options.v: expected {expected}, found {found}", CheckValue($$"""{ "type": {{type}} }""", value));

    [Fact]
    public void A_value_of_one_of_several_types_passes() =>
        Assert.Equal("", CheckValue("""{ "type": ["string", "integer"] }""", "5"));

    [Fact]
    public void An_unknown_option_names_the_nearest_one() => Assert.Equal(
        "work.json:3: $.devices[0].options.profil: unknown key 'profil'; did you mean 'profile'?",
        Check("""{ "properties": { "profile": {} }, "additionalProperties": false }""", """{ "profil": 1 }"""));

    [Fact]
    public void A_misspelt_required_option_is_reported_once() => Assert.Equal(
        "work.json:3: $.devices[0].options.profil: unknown key 'profil'; did you mean 'profile'?",
        Check("""{ "properties": { "profile": {} }, "required": ["profile"], "additionalProperties": false }""", """{ "profil": 1 }"""));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "additionalProperties": true }""")]
    public void Other_options_pass_unless_they_are_forbidden(string schema) => Assert.Equal("", Check(schema, """{ "any": 1 }"""));

    [Fact]
    public void Options_that_are_not_named_may_have_a_schema_of_their_own() => Assert.Equal(
        "work.json:3: $.devices[0].options.any: expected an integer, found the string \"x\"",
        Check("""{ "additionalProperties": { "type": "integer" } }""", """{ "any": "x" }"""));

    [Fact]
    public void A_required_option_must_be_there() => Assert.Equal(
        "work.json:3: $.devices[0].options: required key 'profile' is missing", Check("""{ "required": ["profile"] }""", "{}"));

    [Fact]
    public void Without_options_the_required_ones_are_missing_at_the_device() => Assert.Equal(
        "work.json:2: $.devices[0].options: required key 'profile' is missing",
        Errors.Join(OptionsSchemaChecker.Check(Guests.Device(""), """{ "required": ["profile"] }""")));

    [Fact]
    public void A_value_must_be_one_of_an_enum() => Assert.Equal(
        "work.json:3: $.devices[0].options.v: expected \"a\", 2 or null, found the string \"b\"",
        CheckValue("""{ "enum": ["a", 2, null] }""", "\"b\""));

    [Theory]
    [InlineData("""{ "const": 2 }""", "2.0")]
    [InlineData("""{ "const": { "a": [1], "b": "x" } }""", """{ "b": "x", "a": [1e0] }""")]
    [InlineData("""{ "enum": [1, 1e400] }""", "1e400")]
    public void Values_are_compared_by_meaning(string schema, string value) => Assert.Equal("", CheckValue(schema, value));

    [Theory]
    [InlineData("2", "3", "2, found the number 3")]
    [InlineData("2", "\"2\"", "2, found the string \"2\"")]
    [InlineData("[1]", "[1, 2]", "an array, found an array")]
    [InlineData("{\"a\": 1}", "{\"b\": 1}", "an object, found an object")]
    public void A_constant_allows_nothing_else(string constant, string value, string message) => Assert.Equal(
        $"work.json:3: $.devices[0].options.v: expected {message}", CheckValue($$"""{ "const": {{constant}} }""", value));

    [Theory]
    [InlineData("0.5", "")]
    [InlineData("2", "")]
    [InlineData("0.4999", "work.json:3: $.devices[0].options.v: 0.4999 is too small; use at least 0.5")]
    [InlineData("2.0001", "work.json:3: $.devices[0].options.v: 2.0001 is too large; use at most 2")]
    [InlineData("1e999", "work.json:3: $.devices[0].options.v: 1e999 is too large; use at most 2")]
    public void Numbers_have_a_minimum_and_a_maximum(string value, string lines) =>
        Assert.Equal(lines, CheckValue("""{ "minimum": 0.5, "maximum": 2 }""", value));

    [Theory]
    [InlineData("a", "")]
    [InlineData("\ud83d\ude00\ud83d\ude00", "")]
    [InlineData("", "work.json:3: $.devices[0].options.v: expected at least 1 characters, found 0")]
    [InlineData("abc", "work.json:3: $.devices[0].options.v: expected at most 2 characters, found 3")]
    public void Strings_have_a_length_in_characters(string value, string lines) =>
        Assert.Equal(lines, CheckValue("""{ "minLength": 1, "maxLength": 2 }""", $"\"{value}\""));

    [Theory]
    [InlineData("card0", "")]
    [InlineData("usb", "work.json:3: $.devices[0].options.v: 'usb' does not match the pattern ^card[0-9]+$")]
    public void Strings_have_a_pattern(string value, string lines) =>
        Assert.Equal(lines, CheckValue("""{ "pattern": "^card[0-9]+$" }""", $"\"{value}\""));

    [Fact]
    public void Arrays_have_a_number_of_values_of_a_kind()
    {
        const string Schema = """{ "items": { "type": "string" }, "minItems": 1, "maxItems": 2 }""";
        Assert.Equal("", CheckValue(Schema, """["a", "b"]"""));
        Assert.Equal("work.json:3: $.devices[0].options.v: expected at least 1 values, found 0", CheckValue(Schema, "[]"));
        Assert.Equal(
            """
            work.json:3: $.devices[0].options.v: expected at most 2 values, found 3
            work.json:3: $.devices[0].options.v[1]: expected a string, found the number 1
            """,
            CheckValue(Schema, """["a", 1, "b"]"""));
    }

    [Fact]
    public void Keywords_that_only_describe_are_ignored() => Assert.Equal(
        "", CheckValue("""{ "title": 1, "description": [], "default": {}, "$comment": null, "format": "x" }""", "1"));

    [Theory]
    [InlineData("{ \"type\": ", "line 1, $.type: not valid JSON in column 11: the file ends before an object or array is closed")]
    [InlineData("[]", "line 1, $: expected a schema (an object), found an array")]
    [InlineData("{\n\"type\": \"integr\" }", "line 2, $.type: 'integr' is no type; there are null, boolean, number, integer, string, array, object")]
    [InlineData("{ \"type\": 5 }", "line 1, $.type: '5' is no type; there are null, boolean, number, integer, string, array, object")]
    [InlineData("{ \"properties\": { \"a\": 1 } }", "line 1, $.properties.a: expected a schema (an object), found the number 1")]
    [InlineData("{ \"properties\": [] }", "line 1, $.properties: expected a value of kind object, found an array")]
    [InlineData("{ \"required\": [1] }", "line 1, $.required[0]: expected a string, found the number 1; put it in quotes")]
    [InlineData("{ \"additionalProperties\": 1 }", "line 1, $.additionalProperties: expected a schema (an object), found the number 1")]
    [InlineData("{ \"enum\": 1 }", "line 1, $.enum: expected a value of kind array, found the number 1")]
    [InlineData("{ \"minimum\": \"1\" }", "line 1, $.minimum: expected a value of kind number, found the string \"1\"; remove the quotes")]
    [InlineData("{ \"maxLength\": -1 }", "line 1, $.maxLength: expected an integer from 0 to 2147483647, found the number -1")]
    [InlineData("{ \"pattern\": \"(\" }", "line 1, $.pattern: no regular expression: Invalid pattern '(' at offset 1. Not enough )'s.")]
    [InlineData("{ \"items\": false }", "line 1, $.items: expected a schema (an object), found false")]
    public void A_faulty_schema_is_the_plugins_fault(string schema, string problem) => Assert.Equal(
        $"work.json:2: $.devices[0].plugin: plugin 'snd' is faulty: its options schema, {problem}", Check(schema, "{}"));

    private static string Check(string schema, string options) =>
        Errors.Join(OptionsSchemaChecker.Check(Guests.Device($"\"options\": {options}"), schema));

    private static string CheckValue(string schema, string value) =>
        Check($$"""{ "properties": { "v": {{schema}} } }""", $$"""{ "v": {{value}} }""");
}
