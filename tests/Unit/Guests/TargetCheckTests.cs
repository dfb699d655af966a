using XenDmHost.Host.Guests;
using XenDmHost.Host.XenStore;
using XenDmHost.UnitTests.XenStore;

namespace XenDmHost.UnitTests.Guests;

/// <summary>What `check` says of the guest that a driver domain may serve.</summary>
public sealed class TargetCheckTests : IDisposable
{
    private readonly OwnStore _own = new();

    private XenStoreClient Store => _own.Client;

    public void Dispose() => _own.Dispose();

    [Fact]
    public void In_dom0_there_is_nothing_to_say() => Assert.Null(TargetCheck.Run(Store, 0));

    [Fact]
    public void The_target_is_named()
    {
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/3/target", "5"));
        Assert.StartsWith("domain 5: this domain (number 3)", Text(), StringComparison.Ordinal);
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/5/name", "work"));
        Assert.StartsWith("domain 5 (work): ", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_target_it_says_what_is_needed()
    {
        Assert.Contains("xen_privcmd.unrestricted=1", Text(), StringComparison.Ordinal);
        Assert.Contains("FLASK", Text(), StringComparison.Ordinal);
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/3/target", "guest"));
        Assert.Equal("'guest' is no domain id: no guest can be served", Text());
    }

    [Fact]
    public void In_a_line_about_a_guest_it_is_said_in_a_few_words()
    {
        Assert.Equal("none", TargetCheck.Describe(Store, 3));
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/3/target", "5"));
        Assert.Equal("domain 5", TargetCheck.Describe(Store, 3));
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/5/name", "work"));
        Assert.Equal("domain 5 (work)", TargetCheck.Describe(Store, 3));
        Assert.Equal(XenStoreError.None, Store.Write("/local/domain/3/target", "guest"));
        Assert.Equal("'guest'", TargetCheck.Describe(Store, 3));
    }

    private string Text()
    {
        MachineFinding found = TargetCheck.Run(Store, 3)!.Value;
        Assert.Equal(("target", false), (found.Subject, found.Prevents));
        return found.Text;
    }
}
