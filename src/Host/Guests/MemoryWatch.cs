namespace XenDmHost.Host.Guests;

/// <summary>
/// Says when to look which pages a guest has. Pages that leave are announced by requests of type INVALIDATE, hundreds in a
/// row, so a look waits until they pause. Pages that come are announced by nobody: after the target has changed a look is
/// due at once, and again and again with growing pauses. Counts looks of its caller, which come at an even pace.
/// </summary>
internal sealed class MemoryWatch
{
    /// <summary>Looks after which a row of requests that does not pause is not waited for any longer.</summary>
    private const int MostPatience = 10;

    /// <summary>The last pause after a change of the target, in looks: a minute in all.</summary>
    private const int LongestPause = 64;

    private long _seen;
    private long _handled;
    private int _patience;
    private int _expected;
    private int _pause = LongestPause + 1;
    private int _left;

    /// <summary>Any thread: pages will come or go.</summary>
    internal void Expect() => Volatile.Write(ref _expected, 1);

    /// <summary>One look. For one thread.</summary>
    /// <param name="invalidations">How many requests of type INVALIDATE there were.</param>
    internal bool IsDue(long invalidations)
    {
        // Both are asked: each has to count its looks.
        bool left = HaveLeft(invalidations), come = MayHaveCome();
        return left || come;
    }

    private bool HaveLeft(long invalidations)
    {
        bool quiet = invalidations == _seen;
        _seen = invalidations;
        if (invalidations == _handled || (!quiet && ++_patience < MostPatience))
        {
            return false;
        }

        _handled = invalidations;
        _patience = 0;
        return true;
    }

    private bool MayHaveCome()
    {
        if (Interlocked.Exchange(ref _expected, 0) != 0)
        {
            _pause = 1;
            _left = 0;
        }

        if (_pause > LongestPause || _left-- > 0)
        {
            return false;
        }

        _left = _pause;
        _pause *= 2;
        return true;
    }
}
