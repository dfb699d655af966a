using System.Text;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Everything that holds on the daemon's socket holds on the kernel's device too, with Debian's xenstored behind it.</summary>
public sealed class DeviceTransportTests(DebianXenStore store)
    : XenStoreContract(store, path => new DeviceTransport(new KernelXenbusFile(path))), IClassFixture<DebianXenStore>
{
    private readonly DebianXenStore _store = store;

    [Fact]
    public void A_watch_that_the_kernel_refuses_is_an_error_and_the_connection_goes_on()
    {
        using DeviceTransport transport = new(new KernelXenbusFile(_store.SocketPath));
        SendOutcome outcome = transport.Send(Message(4, "bad//path\0token\0"));
        Assert.Equal(SendOutcome.Refused(XenStoreError.EINVAL), outcome);
        Assert.True(transport.Send(Message(2, "/\0")).IsSent);
        Assert.Equal(16, transport.Receive(new byte[4096]));
    }

    [Fact]
    public void The_stand_in_drops_a_second_message_of_one_write_as_the_kernel_does()
    {
        using KernelXenbusFile file = new(_store.SocketPath);
        byte[] two = [.. Message(2, "/\0"), .. Message(2, "/\0")];
        Assert.Equal(two.Length, file.Write(two));
        Assert.Equal(16, file.Read(new byte[4096]));
        file.Write(Message(1, "/none\0"));
        byte[] next = new byte[4096];
        Assert.Equal("ENOENT\0", Encoding.Latin1.GetString(next, 16, file.Read(next) - 16));
    }

    [Fact]
    public void The_stand_in_refuses_a_message_that_is_longer_than_the_kernels_buffer()
    {
        using KernelXenbusFile file = new(_store.SocketPath);
        Assert.Equal(-22, file.Write(Message(2, new string('a', 4081))));
    }

    private static byte[] Message(uint type, string payload) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(7u), .. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(payload.Length), .. Encoding.Latin1.GetBytes(payload)];
}
