using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.StandIns.Native;

public sealed class UnixSocketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Descriptors_travel_with_their_message_and_name_the_same_file(int count)
    {
        (UnixSocket one, UnixSocket other) = UnixSocket.Pair();
        using (one)
        using (other)
        using (FileDescriptor file = Memfd.Create("sent", 4096, @sealed: false))
        {
            Assert.True(one.Send([1, 2, 3], Enumerable.Repeat(file, count).ToArray()));

            List<FileDescriptor> received = [];
            byte[] buffer = new byte[16];
            SocketRead read = other.Receive(buffer, received);

            Assert.Equal(3, read.Bytes);
            Assert.Equal([1, 2, 3], buffer[..3]);
            Assert.Equal(count, received.Count);
            Assert.All(received, fd => Assert.Equal(4096, Memfd.Size(fd)));
            received.ForEach(fd => fd.Dispose());
        }
    }

    [Fact]
    public void The_most_descriptors_that_one_message_takes_all_arrive()
    {
        (UnixSocket one, UnixSocket other) = UnixSocket.Pair();
        using (one)
        using (other)
        using (EventFd counter = EventFd.Create(nonBlocking: true))
        {
            one.Send([0], Enumerable.Repeat(counter.Fd, ControlMessages.MaximumDescriptors).ToArray());

            List<FileDescriptor> received = [];
            SocketRead read = other.Receive(new byte[1], received);

            Assert.False(read.ControlTruncated);
            Assert.Equal(ControlMessages.MaximumDescriptors, received.Count);
            received.ForEach(fd => fd.Dispose());
        }
    }

    [Fact]
    public void Packets_stay_whole_and_one_longer_than_the_buffer_is_marked()
    {
        (UnixSocket one, UnixSocket other) = UnixSocket.Pair(UnixSocketKind.SeqPacket);
        using (one)
        using (other)
        {
            one.Send([1, 2]);
            one.Send([3, 4, 5]);
            List<FileDescriptor> none = [];
            byte[] buffer = new byte[2];

            Assert.Equal(new SocketRead(2), other.Receive(buffer, none));
            Assert.Equal(new SocketRead(2, Truncated: true), other.Receive(buffer, none));
        }
    }

    [Fact]
    public void A_peer_that_left_is_no_exception()
    {
        (UnixSocket one, UnixSocket other) = UnixSocket.Pair();
        using (one)
        {
            other.Dispose();

            Assert.False(one.Send([1]));
            Assert.Equal(0, one.Receive(new byte[1], []).Bytes);
        }
    }

    [Fact]
    public void A_client_connects_to_a_path_and_a_free_path_is_refused_by_name()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        OsException absent = Assert.Throws<OsException>(() => UnixSocket.Connect(path));
        Assert.Equal($"connect on {path} failed: ENOENT", absent.Message);
        try
        {
            using UnixSocket listener = UnixSocket.Listen(path);
            using UnixSocket client = UnixSocket.Connect(path);
            using UnixSocket server = listener.Accept();
            client.Send([7]);
            byte[] buffer = new byte[1];
            Assert.Equal(1, server.Receive(buffer, []).Bytes);
            Assert.Equal(7, buffer[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => UnixSocket.Listen("/tmp/" + new string('x', 110)));
        Assert.Contains("107 is the most", error.Message, StringComparison.Ordinal);
    }
}
