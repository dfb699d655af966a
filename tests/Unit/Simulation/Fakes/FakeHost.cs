using System.Buffers.Binary;
using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>
/// The smallest host there can be: one ioreq server, one thread that answers from a table of devices. It adopts a server
/// that a predecessor left. Disposing it closes the connection, as the death of a process would.
/// </summary>
internal sealed class FakeHost : IDisposable
{
    private readonly HypercallClient _client;
    private readonly Mapping _page;
    private readonly UnixSocket _events;
    private readonly Dictionary<uint, (int Vcpu, EventFd Notify)> _ports = [];
    private readonly Func<IoreqRequest, ulong> _answer;
    private readonly Thread _thread;

    internal FakeHost(string folder, uint domid, Func<IoreqRequest, ulong> answer, params ulong[] windows)
    {
        _answer = answer;
        _client = new HypercallClient(Path.Combine(folder, "hypervisor.sock"), domid);
        var vcpus = (int)_client.Must(HypercallOp.GetDomain).Answer.V1;
        Ram = MapRam();
        var adopted = _client.Call(HypercallOp.GetIoreqServerInfo, 0).Answer.Result == 0;
        var server = adopted ? 0 : _client.Must(HypercallOp.CreateIoreqServer).Answer.V0;
        _page = Mapping.Map(_client.Must(HypercallOp.MapIoreqPage, server).Fd!, 0, 4096, writable: true);
        _client.Must(HypercallOp.SetIoreqServerState, server, 1);
        _events = UnixSocket.From(_client.Must(HypercallOp.OpenEventChannels).Fd!);
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            var (bound, notify) = _client.Must(HypercallOp.BindInterdomain, _page.ReadU32((vcpu * 32) + 24));
            _ports.Add((uint)bound.V0, (vcpu, EventFd.From(notify!)));
        }

        foreach (var window in windows)
        {
            var error = _client.Error(HypercallOp.MapIoRange, server, window, window + 0x1ff);
            Assert.Equal(adopted ? HypercallError.Exists : 0, error);
        }

        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    internal FakeRam Ram { get; }

    /// <summary>Requests seen that were INVALIDATE.</summary>
    internal int Invalidates { get; private set; }

    internal EventFd OpenIrq(uint irq) => EventFd.From(_client.Must(HypercallOp.OpenIrq, irq).Fd!);

    public void Dispose()
    {
        _events.Shutdown();
        _thread.Join();
        _events.Dispose();
        _client.Dispose();
        _page.Dispose();
    }

    private FakeRam MapRam()
    {
        List<(MemoryBank, Mapping)> banks = [];
        for (var i = 0UL; i < _client.Must(HypercallOp.GetDomain).Answer.V0; i++)
        {
            var (bank, fd) = _client.Must(HypercallOp.GetBank, i);
            banks.Add((new MemoryBank(bank.V0, bank.V1, bank.V2), Mapping.Map(fd!, (long)bank.V2, (long)bank.V1, writable: true)));
        }

        return new FakeRam(banks);
    }

    private void Serve()
    {
        var number = new byte[4];
        while (_events.Receive(number, []).Bytes == number.Length)
        {
            var (vcpu, notify) = _ports[BinaryPrimitives.ReadUInt32LittleEndian(number)];
            if (TryServe(vcpu * 32))
            {
                notify.TryAdd(1);
            }

            _events.Send(number);
        }
    }

    private bool TryServe(int slot)
    {
        var state = _page.ReadAcquireU8(slot + 30);
        if ((state & 0xf) is not (1 or 2))
        {
            return false;
        }

        var request = new IoreqRequest(
            (IoreqType)_page.ReadU8(slot + 31), _page.ReadU64(slot), _page.ReadU64(slot + 8), _page.ReadU32(slot + 20), (state & 0x20) != 0);
        Invalidates += request.Type == IoreqType.Invalidate ? 1 : 0;
        var data = _answer(request);
        if (request.IsRead)
        {
            _page.WriteU64(slot + 8, data);
        }

        _page.WriteReleaseU8(slot + 30, (byte)((state & 0xf0) | 3));
        return true;
    }
}
