using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.UnitTests.Config.Json;

public sealed class ConfigFileBytesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_missing() => Assert.Equal(
        $"{folder.Path}/no.json: cannot be read: there is no such file", Read($"{folder.Path}/no.json"));

    [Fact]
    public void A_file_in_a_folder_that_is_not_there_is_said_to_be_missing() => Assert.Equal(
        $"{folder.Path}/no/no.json: cannot be read: there is no such file", Read($"{folder.Path}/no/no.json"));

    [Fact]
    public void A_folder_is_no_file() => Assert.Equal($"{folder.Path}: is a folder, not a file", Read(folder.Path));

    [Fact]
    public void A_file_of_exactly_the_limit_is_read()
    {
        string path = folder.Write("big.json", new string(' ', ConfigFileBytes.MaxSize));
        var errors = new ConfigErrorList(path);
        Assert.Equal(ConfigFileBytes.MaxSize, ConfigFileBytes.Read(path, errors)?.Length);
        Assert.Equal(0, errors.Count);
    }

    [Fact]
    public void A_larger_file_is_refused()
    {
        string path = folder.Write("big.json", new string(' ', ConfigFileBytes.MaxSize + 1));
        Assert.Equal($"{path}: is larger than 1048576 bytes, too large for a configuration file", Read(path));
    }

    [Fact]
    public void A_file_without_an_end_is_refused() => Assert.Equal(
        "/dev/zero: is larger than 1048576 bytes, too large for a configuration file", Read("/dev/zero"));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_no_file_can_have_is_an_error_too(string path) =>
        Assert.Contains("cannot be read: ", Read(path), StringComparison.Ordinal);

    private static string Read(string path) => Errors.Join(GuestFileReader.Read(path).Errors);
}
