using System.Reflection;
using Xunit.Sdk;

namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>A row for each back-end under test: its name, and then the values given here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachBackEndAttribute(params object[] values) : DataAttribute
{
    /// <summary>Only those that were built for Xen.</summary>
    public bool OnlyXen { get; init; }

    /// <summary>Only those that were not.</summary>
    public bool OnlyPlain { get; init; }

    /// <summary>Only those that offer CONFIG.</summary>
    public bool OnlyWithConfig { get; init; }

    public IReadOnlyList<object> Values { get; } = values;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => BackEndsUnderTest.All.Values
        .Where(backEnd => (backEnd.Xen || !OnlyXen) && !(backEnd.Xen && OnlyPlain) && (backEnd.Config || !OnlyWithConfig))
        .Select(backEnd => (object[])[backEnd.Name, .. Values]);
}
