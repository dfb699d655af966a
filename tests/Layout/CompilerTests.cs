using System.Runtime.InteropServices;

namespace XenDmHost.LayoutTests;

/// <summary>That a wrong number would be found.</summary>
public sealed class CompilerTests
{
    [Fact]
    public void What_is_right_compiles() =>
        Assert.Equal("", Compiler.Errors(Poll().Struct<Right>("struct pollfd", ("Fd", "fd"), ("Events", "events"))));

    [Fact]
    public void A_struct_of_another_size_does_not() =>
        Assert.Contains("size of Short", Compiler.Errors(Poll().Struct<Short>("struct pollfd")), StringComparison.Ordinal);

    [Fact]
    public void A_field_at_another_place_does_not() =>
        Assert.Contains("offset of Right.Events", Compiler.Errors(Poll().Fields<Right>("struct pollfd", ("Events", "revents"))), StringComparison.Ordinal);

    [Fact]
    public void A_field_of_another_size_does_not() =>
        Assert.Contains("size of Short.Fd", Compiler.Errors(Poll().Fields<Short>("struct pollfd", ("Fd", "fd"))), StringComparison.Ordinal);

    [Fact]
    public void Another_constant_does_not() =>
        Assert.Contains("a constant", Compiler.Errors(Poll().Constant("POLLIN", 2, "a constant")), StringComparison.Ordinal);

    [Fact]
    public void A_missing_header_names_its_package() =>
        Assert.Contains(
            "no/such.h is missing: apt-get install --no-install-recommends libnone-dev",
            Compiler.Errors(new CProgram().Include("no/such.h", "libnone-dev")),
            StringComparison.Ordinal);

    private static CProgram Poll() => new CProgram().Include("poll.h", "libc6-dev");

    [StructLayout(LayoutKind.Sequential)]
    private struct Right
    {
        internal int Fd;
        internal short Events;
        internal short Revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Short
    {
        internal short Fd;
    }
}
