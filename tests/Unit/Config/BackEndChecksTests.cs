namespace XenDmHost.UnitTests.Config;

public sealed class BackEndChecksTests
{
    private const string Socket = "$.devices[0].backEnd.socket";

    [Fact]
    public void The_folder_of_the_socket_must_exist() => Assert.Equal(
        $"work.json:3: {Socket}: the folder '/run/xendmhost/work' does not exist; create it or name another",
        Errors.OfBackEnd("\"socket\": \"/run/xendmhost/{guest}/snd.sock\"", folder => folder == "/run/xendmhost"));

    [Fact]
    public void The_folder_must_exist_for_a_socket_that_the_host_makes_too() => Assert.Equal(
        $"work.json:3: {Socket}: the folder '/run/none' does not exist; create it or name another",
        Errors.OfBackEnd("\"socket\": \"/run/none/snd.sock\", \"listen\": true", _ => false));

    [Theory]
    [InlineData("~/snd.sock", "~")]
    [InlineData("$XDG_RUNTIME_DIR/snd.sock", "$XDG_RUNTIME_DIR")]
    public void A_tilde_or_variable_is_not_expanded(string socket, string folder) => Assert.Equal(
        $"work.json:3: {Socket}: the folder '{Directory.GetCurrentDirectory()}/{folder}' does not exist ('~' and $VARIABLES are not expanded); create it or name another",
        Errors.OfBackEnd($"\"socket\": \"{socket}\"", _ => false));

    [Fact]
    public void A_folder_named_after_a_domid_that_is_not_known_yet_is_not_looked_for() =>
        Assert.Equal("", Errors.OfBackEnd("\"socket\": \"/run/{domid}/snd.sock\"", _ => false));

    [Fact]
    public void A_folder_named_after_a_domid_is_looked_for_when_the_guest_is_given_by_domid() => Assert.Equal(
        $"work.json:3: {Socket}: the folder '/run/12' does not exist; create it or name another",
        Errors.OfBackEnd("\"socket\": \"/run/{domid}/snd.sock\"", _ => false, guest: "12"));

    [Fact]
    public void A_socket_must_not_be_a_folder() => Assert.Equal(
        $"work.json:3: {Socket}: '/run/' names a folder; add the name of the socket", Errors.OfBackEnd("\"socket\": \"/run/\""));

    [Theory]
    [InlineData("")]
    [InlineData(", \"listen\": false")]
    public void A_path_of_107_bytes_passes(string more) =>
        Assert.Equal("", Errors.OfBackEnd($"\"socket\": \"/{new string('a', 106)}\"{more}"));

    [Fact]
    public void A_longer_path_does_not_fit_a_socket_address() => Assert.Equal(
        $"work.json:3: {Socket}: the path has 108 bytes once it is complete ('/{new string('a', 107)}'); a Unix socket's has at most 107",
        Errors.OfBackEnd($"\"socket\": \"/{new string('a', 107)}\""));

    [Fact]
    public void The_length_counts_bytes_and_the_suffix() => Assert.Equal(
        $"work.json:3: {Socket}: the path has 108 bytes once it is complete ('/{new string('ä', 53)}0'); a Unix socket's has at most 107",
        Errors.OfBackEnd($"\"socket\": \"/{new string('ä', 53)}\", \"socketSuffix\": \"0\""));

    [Fact]
    public void A_domid_that_is_not_known_yet_counts_five_digits() => Assert.Equal(
        $"work.json:3: {Socket}: the path has 108 bytes once it is complete ('/{new string('a', 102)}32751'); a Unix socket's has at most 107",
        Errors.OfBackEnd($"\"socket\": \"/{new string('a', 102)}{{domid}}\""));

    [Fact]
    public void An_unknown_placeholder_of_a_socket_lists_the_known_ones() => Assert.Equal(
        $"work.json:3: {Socket}: unknown placeholder '{{name}}'; known here: {{guest}} {{domid}} {{id}} {{dir}}",
        Errors.OfBackEnd("\"socket\": \"/run/{name}.sock\""));

    [Fact]
    public void A_socket_cannot_name_itself() => Assert.Equal(
        $"work.json:3: {Socket}: unknown placeholder '{{socket}}'; known here: {{guest}} {{domid}} {{id}} {{dir}}",
        Errors.OfBackEnd("\"socket\": \"{socket}\""));

    [Fact]
    public void A_socket_must_not_hold_a_NUL() => Assert.Equal(
        $"work.json:3: {Socket}: the control character U+0000 is not allowed here", Errors.OfBackEnd("\"socket\": \"/s\\u0000\""));

    [Fact]
    public void An_unknown_placeholder_of_an_argument_lists_the_known_ones() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.launch[1]: unknown placeholder '{sock}'; known here: {socket} {guest} {domid} {id} {dir}",
        Errors.OfBackEnd("\"socket\": \"/s\", \"launch\": [\"be\", \"--socket={sock}\"]"));

    [Theory]
    [InlineData("[]", "launch", "expected 1 to 256 strings (the command and its arguments), found 0")]
    [InlineData("\"be\"", "launch", "expected an array of strings (the command and its arguments), found the string \"be\"")]
    [InlineData("[\"\"]", "launch[0]", "expected a command, found an empty one")]
    [InlineData("[\"be\", 5]", "launch[1]", "expected a string, found the number 5; put it in quotes")]
    [InlineData("[\"be\", \"\\u0000\"]", "launch[1]", "the control character U+0000 is not allowed here")]
    public void A_command_is_an_array_of_strings(string launch, string key, string message) => Assert.Equal(
        $"work.json:3: $.devices[0].backEnd.{key}: {message}",
        Errors.OfBackEnd($"\"socket\": \"/s\", \"launch\": {launch}"));

    [Fact]
    public void Restart_knows_two_words() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.restart: expected \"always\" or \"never\", found the string \"Always\"",
        Errors.OfBackEnd("\"socket\": \"/s\", \"launch\": [\"be\"], \"restart\": \"Always\""));

    [Fact]
    public void Restart_needs_a_command() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.restart: 'restart' needs 'launch': only what the host started can be started again",
        Errors.OfBackEnd("\"socket\": \"/s\", \"restart\": \"never\""));

    [Fact]
    public void Listen_is_true_or_false() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.listen: expected true or false, found the number 1",
        Errors.OfBackEnd("\"socket\": \"/s\", \"listen\": 1"));

    [Fact]
    public void A_suffix_has_no_slash() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.socketSuffix: a suffix must not contain '/'",
        Errors.OfBackEnd("\"socket\": \"/s\", \"socketSuffix\": \"/0\""));

    [Fact]
    public void A_suffix_is_for_daemons_that_make_the_socket() => Assert.Equal(
        "work.json:3: $.devices[0].backEnd.socketSuffix: 'socketSuffix' has no meaning with \"listen\": true, where the host names the socket",
        Errors.OfBackEnd("\"socket\": \"/s\", \"socketSuffix\": \"0\", \"listen\": true"));
}
