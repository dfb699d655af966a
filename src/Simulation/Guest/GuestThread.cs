namespace XenDmHost.Simulation.Guest;

/// <summary>A thread of the guest, placed on a vCPU. What it throws comes out of <see cref="Join"/>, so that no failure is lost.</summary>
internal sealed class GuestThread
{
    private readonly Thread _thread;
    private Exception? _failure;

    internal GuestThread(Machine machine, string name, int vcpu, Action body)
    {
        _thread = new Thread(() => Run(machine, vcpu, body)) { IsBackground = true, Name = name };
        _thread.Start();
    }

    internal void Join()
    {
        _thread.Join();
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Runs one body for each number at once, number i on vCPU i, and throws the first failure when all have ended.</summary>
    internal static void RunAll(Machine machine, string name, int count, Action<int> body)
    {
        GuestThread[] threads =
            [.. Enumerable.Range(0, count).Select(i => new GuestThread(machine, $"{name} {i}", i, () => body(i)))];
        foreach (var thread in threads)
        {
            thread._thread.Join();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private void Run(Machine machine, int vcpu, Action body)
    {
        try
        {
            machine.RunHere(vcpu);
            body();
        }
        catch (Exception failure) // it comes out of Join
        {
            _failure = failure;
        }
    }
}
