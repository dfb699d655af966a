using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace XenDmHost.ArchitectureTests;

/// <summary>Arrows between the folders of src/Host run one way; Guests alone joins them.</summary>
public sealed class LayerTests
{
    private static readonly Architecture Host =
        new ArchLoader().LoadAssemblies(System.Reflection.Assembly.Load("xendmhost")).Build();

    private static readonly IReadOnlyList<(IType From, IType To)> Uses =
        [.. Host.Types.SelectMany(type => type.Dependencies.Select(dependency => (type, dependency.Target))).Distinct()];

    [Fact]
    public void The_host_was_read() => Assert.Contains(Uses, use => (use.From.Name, use.To.Name) == ("IoreqDispatcher", "IEventChannels"));

    [Fact]
    public void Every_folder_of_the_host_is_a_known_layer() =>
        Assert.Empty(Host.Types.Select(type => Layer.Of(NamespaceOf(type))).OfType<string>().Distinct().Except(Layer.Allowed.Keys));

    [Fact]
    public void A_layer_uses_only_the_layers_below_it() => Empty(Uses.Where(use =>
        Layer.Of(NamespaceOf(use.From)) is { } from && Layer.Of(NamespaceOf(use.To)) is { } to
        && from != to && !Layer.Allowed[from].Contains(to)));

    [Fact]
    public void The_simulated_hypervisor_is_known_to_its_platform_alone() => Empty(Uses.Where(use =>
        IsIn(use.To, "XenDmHost.Host.Hypervisor.Simulated") && !IsIn(use.From, "XenDmHost.Host.Hypervisor.Simulated")
        && use.From.Name != "SimulatedPlatform"));

    [Fact]
    public void The_wire_format_of_vhost_user_is_known_to_the_front_end_alone() => Empty(Uses.Where(use =>
        IsIn(use.To, "XenDmHost.Host.VhostUser.Wire") && !IsIn(use.From, "XenDmHost.Host.VhostUser")
        && !use.To.FullName.EndsWith("Feature", StringComparison.Ordinal) && !use.To.FullName.EndsWith("FeatureSet", StringComparison.Ordinal)));

    [Theory]
    [InlineData("VirtioMmio")]
    [InlineData("Ioreq")]
    [InlineData("GuestMemory")]
    public void Registers_requests_and_memory_know_no_sockets(string layer) => Empty(Uses.Where(use =>
        Layer.Of(NamespaceOf(use.From)) == layer
        && (use.To.FullName.StartsWith("System.Net", StringComparison.Ordinal) || use.To.Name == "UnixSocket")));

    private static void Empty(IEnumerable<(IType From, IType To)> violations)
    {
        string[] found = [.. violations.Select(use => $"{use.From.FullName} uses {use.To.FullName}").Order()];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static bool IsIn(IType type, string ns) => NamespaceOf(type) == ns || NamespaceOf(type).StartsWith(ns + ".", StringComparison.Ordinal);

    private static string NamespaceOf(IType type) => type.Namespace?.FullName ?? "";
}
