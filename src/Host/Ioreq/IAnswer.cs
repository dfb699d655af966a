namespace XenDmHost.Host.Ioreq;

/// <summary>How an access that was held is answered; from any thread, once.</summary>
internal interface IAnswer
{
    /// <summary>Answers and wakes the vCPU.</summary>
    /// <param name="vcpu">Who asked.</param>
    /// <param name="value">What a read gets; null for a write.</param>
    void Complete(int vcpu, ulong? value);
}
