namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>What the device has of a queue, by the first descriptor of each chain.</summary>
internal sealed class RequestsInFlight(int size)
{
    private readonly VirtqueueRequest?[] _byHead = new VirtqueueRequest?[size];

    internal int Count { get; private set; }

    internal void Add(int head, VirtqueueRequest request)
    {
        _byHead[head] = request;
        Count++;
    }

    /// <summary>Takes the request that a used element names. Null, with a reason, when the element cannot be right.</summary>
    internal VirtqueueRequest? TakeUsed(uint head, uint written, out string? problem)
    {
        var request = head < (uint)size ? _byHead[head] : null;
        problem = request switch
        {
            null => $"a used element names descriptor {head}, which heads no request in flight",
            _ when written > request.WritableBytes =>
                $"a used element claims {written} bytes written to a request with room for {request.WritableBytes}",
            _ => null,
        };
        if (problem is not null)
        {
            return null;
        }

        _byHead[head] = null;
        Count--;
        return request;
    }

    internal void AbandonAll(string reason)
    {
        foreach (var request in _byHead)
        {
            request?.Abandon(reason);
        }

        Array.Clear(_byHead);
        Count = 0;
    }
}
