using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["queues", "quirks", "id", "irq"];

    [Theory]
    [InlineData("queue", "queues")]
    [InlineData("qeueus", "queues")]
    [InlineData("QUIRKS", "quirks")]
    [InlineData("quirky", "quirks")]
    [InlineData("di", "id")]
    [InlineData("irk", "irq")]
    public void A_name_with_few_edits_is_found(string name, string nearest) =>
        Assert.Equal(nearest, NearestName.Find(name, Known));

    [Theory]
    [InlineData("xy")]
    [InlineData("transport")]
    [InlineData("")]
    public void A_name_that_resembles_none_is_not_guessed(string name) => Assert.Null(NearestName.Find(name, Known));

    [Fact]
    public void Where_nothing_is_known_the_words_say_so() =>
        Assert.Equal("unknown quirk 'a'; there is none here", NearestName.Explain("quirk", "a", []));
}
