using XenDmHost.Host.Guests;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.Guests;

/// <summary>One host for each guest.</summary>
public sealed class GuestLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_taken_once_until_it_is_given_back()
    {
        string path = Path.Combine(_folder.Path, "runtime", "work.lock");
        Assert.True(GuestLock.TryTake(path, out GuestLock? first, out _));
        Assert.False(GuestLock.TryTake(path, out GuestLock? second, out string problem));
        Assert.Null(second);
        Assert.Contains("work.lock is locked", problem, StringComparison.Ordinal);

        first!.Dispose();
        Assert.True(GuestLock.TryTake(path, out second, out _));
        second!.Dispose();
    }

    /// <summary>A host without a folder of its own serves too; other lines say what it lacks.</summary>
    [Fact]
    public void Where_there_can_be_no_file_nobody_is_held_off()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        Assert.True(GuestLock.TryTake(Path.Combine(_folder.Path, "file", "work.lock"), out GuestLock? taken, out _));
        taken!.Dispose();
    }
}
