namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The stand-in disk in the form of a back-end that was built for Xen.</summary>
public sealed class StandInXenBackEnd : IBackEndUnderTest
{
    public bool Xen => true;

    public BackEndProcess Start() => BackEndProcess.StartStandIn(
        "blk", "--image", "{dir}/disk", "--size", "1048576", "--queues", "2", "--max-queue-size", "64", "--offer-bit", "33", "--xen");
}
