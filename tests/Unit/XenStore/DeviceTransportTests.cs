using System.Diagnostics;
using XenDmHost.Host.Native;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>The transport over /dev/xen/xenbus, on a device that the test plays.</summary>
public sealed class DeviceTransportTests
{
    [Theory]
    [InlineData(17, "EEXIST")]
    [InlineData(22, "EINVAL")]
    [InlineData(7, "E2BIG")]
    [InlineData(12, "ENOMEM")]
    public void The_errno_of_a_write_is_the_answer_to_that_message(int errno, string expected)
    {
        using DeviceTransport transport = new(new Device { WriteResult = _ => -errno });
        Assert.Equal(SendOutcome.Refused(Enum.Parse<XenStoreError>(expected)), transport.Send(new byte[20]));
        Assert.Equal("", transport.EndReason);
    }

    [Fact]
    public void A_message_is_one_write()
    {
        Device device = new();
        using DeviceTransport transport = new(device);
        Assert.True(transport.Send(new byte[4096]).IsSent);
        Assert.Equal([4096], device.Writes);
    }

    [Fact]
    public void A_message_taken_in_part_ends_the_connection_since_its_framing_is_lost()
    {
        using DeviceTransport transport = new(new Device { WriteResult = _ => 10 });
        Assert.False(transport.Send(new byte[20]).Alive);
        Assert.Equal("write: 10 of 20 bytes were taken", transport.EndReason);
    }

    [Fact]
    public void A_refused_watch_is_the_answer_to_whoever_asked_and_the_client_goes_on()
    {
        using XenStoreClient client = XenStoreClient.Connect(() => new DeviceTransport(new Device { WriteResult = _ => -28 }));
        Assert.Equal(XenStoreError.ENOSPC, client.Watch("/a", _ => { }).Error);
    }

    [Fact]
    public async Task Bytes_come_from_a_real_file_and_closing_ends_a_wait_for_them()
    {
        string pipe = Path.Combine(Path.GetTempPath(), $"pipe-{Guid.NewGuid():N}");
        using (Process make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        try
        {
            using CharacterDevice device = CharacterDevice.Open(pipe, _ => "");
            Assert.Equal(3, device.Write([1, 2, 3]));
            byte[] buffer = new byte[10];
            Assert.Equal(3, device.Read(buffer));
            Task<int> waiting = Task.Factory.StartNew(() => device.Read(buffer), TaskCreationOptions.LongRunning);
            device.Close();
            Assert.Equal(0, await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            File.Delete(pipe);
        }
    }

    [Fact]
    public void A_device_that_is_missing_is_named_with_what_to_do()
    {
        OsException missing = Assert.Throws<OsException>(() => DeviceTransport.Open("/nonexistent/xenbus"));
        Assert.Equal("/nonexistent/xenbus: open: ENOENT: is this a Xen domain, and is xenstored running (modprobe xen-xenbus-dev on old kernels)?", missing.Message);
    }

    [Fact]
    public void Where_there_is_neither_socket_nor_device_the_line_names_both()
    {
        StoreLocation nowhere = new("/nonexistent/socket", ["/nonexistent/xenbus"]);
        IOException missing = Assert.Throws<IOException>(() => nowhere.Open());
        Assert.Contains("neither /nonexistent/socket nor /nonexistent/xenbus", missing.Message, StringComparison.Ordinal);
    }

    private sealed class Device : IXenbusFile
    {
        private readonly ManualResetEventSlim _closed = new();

        internal Func<int, int> WriteResult { get; init; } = length => length;

        internal List<int> Writes { get; } = [];

        public int Write(ReadOnlySpan<byte> message)
        {
            Writes.Add(message.Length);
            return WriteResult(message.Length);
        }

        public int Read(Span<byte> buffer)
        {
            _closed.Wait();
            return 0;
        }

        public void Close() => _closed.Set();

        public void Dispose() => Close();
    }
}
