using System.Globalization;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.XenStore;

namespace XenDmHost.LayoutTests;

/// <summary>Our types and numbers against Xen's own headers.</summary>
public sealed class XenLayoutTests
{
    private const string XenHeaders = "libxen-dev";

    [Fact]
    public void The_ioreq_page()
    {
        // "state" is the first of the bit fields that share the byte before "type"; C gives no offset of one.
        Compiler.Check(Ioreq()
            .Struct<IoreqSlot>(
                "struct ioreq",
                ("Address", "addr"),
                ("Data", "data"),
                ("Count", "count"),
                ("ItemSize", "size"),
                ("VpEport", "vp_eport"),
                ("Padding", "_pad0"),
                ("Type", "type"))
            .Constant("offsetof(struct ioreq, type) - 1", IoreqSlot.FlagsOffset, "IoreqSlot.FlagsOffset")
            .Constant("offsetof(struct shared_iopage, vcpu_ioreq[1])", IoreqSlot.Size, "IoreqSlot.Size"));
    }

    /// <summary>Where the compiler puts bit fields is no constant of C, so a program has to look.</summary>
    [Fact]
    public void The_bits_of_an_ioreqs_flags()
    {
        CProgram program = Ioreq().Include("stdio.h", "libc6-dev").Code(
            """
            union slot { struct ioreq request; unsigned char bytes[32]; };
            int main(void)
            {
                union slot state = { .request = { .state = 0xf } };
                union slot pointer = { .request = { .data_is_ptr = 1 } };
                union slot reads = { .request = { .dir = 1 } };
                printf("%d %d %d", state.bytes[30], pointer.bytes[30], reads.bytes[30]);
            }
            """);
        Assert.Equal(30, IoreqSlot.FlagsOffset);
        string[] bits = Compiler.Output(program).Split(' ');
        Assert.Equal(IoreqState.Mask, int.Parse(bits[0], CultureInfo.InvariantCulture));
        Assert.True(new IoreqSlot { Flags = byte.Parse(bits[1], CultureInfo.InvariantCulture) } is { DataIsPointer: true, IsRead: false });
        Assert.True(new IoreqSlot { Flags = byte.Parse(bits[2], CultureInfo.InvariantCulture) } is { DataIsPointer: false, IsRead: true });
    }

    [Fact]
    public void The_states_and_types_of_an_ioreq()
    {
        Compiler.Check(Ioreq()
            .Constant("STATE_IOREQ_NONE", IoreqState.None, "IoreqState.None")
            .Constant("STATE_IOREQ_READY", IoreqState.Ready, "IoreqState.Ready")
            .Constant("STATE_IOREQ_INPROCESS", IoreqState.InProcess, "IoreqState.InProcess")
            .Constant("STATE_IORESP_READY", IoreqState.ResponseReady, "IoreqState.ResponseReady")
            .Constants(typeof(IoreqType), name => "IOREQ_TYPE_" + (name == "TimeOffset" ? "TIMEOFFSET" : SnakeCase.Upper(name))));
    }

    [Fact]
    public void The_stores_messages()
    {
        Compiler.Check(new CProgram().Include("xen/io/xs_wire.h", XenHeaders)
            .Struct<MessageHeader>(
                "struct xsd_sockmsg", ("Operation", "type"), ("RequestId", "req_id"), ("TransactionId", "tx_id"), ("PayloadLength", "len"))
            .Constants(typeof(XenStoreOperation), NameOfOperation)
            .Constant("XENSTORE_PAYLOAD_MAX", XenStoreLimits.MaxPayload, "XenStoreLimits.MaxPayload")
            .Constant("XENSTORE_ABS_PATH_MAX", XenStoreLimits.MaxAbsolutePath, "XenStoreLimits.MaxAbsolutePath")
            .Constant("XENSTORE_REL_PATH_MAX", XenStoreLimits.MaxRelativePath, "XenStoreLimits.MaxRelativePath"));
    }

    [Fact]
    public void The_states_of_xenbus()
    {
        Compiler.Check(new CProgram().Include("xen/io/xenbus.h", XenHeaders)
            .Constants(typeof(XenbusState), name => "XenbusState" + name));
    }

    private static CProgram Ioreq() => new CProgram().Include("xen/hvm/ioreq.h", XenHeaders);

    private static string? NameOfOperation(string name) => name switch
    {
        // Newer than the headers that are packaged: Xen 4.21.
        "GetFeature" => null,
        "GetPermissions" => "XS_GET_PERMS",
        "SetPermissions" => "XS_SET_PERMS",
        "Remove" => "XS_RM",
        _ => "XS_" + SnakeCase.Upper(name),
    };
}
