using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.RustVmm;

/// <summary>The real disk on the rust-vmm crates, in the form that the measured rules expect.</summary>
public sealed class RustVmmBackEnd : IBackEndUnderTest, IDisposable
{
    private readonly string _image = Path.GetTempFileName();

    public RustVmmBackEnd() => File.WriteAllBytes(_image, new byte[1048576]);

    public bool Xen => true;

    public BackEndProcess Start() => Start("--queues", "2", "--max-queue-size", "64", "--offer-bit", "33");

    public BackEndProcess Start(params string[] options) => BackEndProcess.Start(
        RustVmmBinary.Path, ["--socket", "{socket}", "--device", "blk", "--image", _image, .. options]);

    public void Dispose() => File.Delete(_image);
}
