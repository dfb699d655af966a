namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The stand-in disk in the form of a back-end that was not built for Xen.</summary>
public sealed class StandInPlainBackEnd : IBackEndUnderTest
{
    public bool Xen => false;

    public BackEndProcess Start() => BackEndProcess.StartStandIn(
        "blk", "--image", "{dir}/disk", "--size", "1048576", "--queues", "2", "--max-queue-size", "64", "--offer-bit", "33");
}
