using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;
using XenDmHost.Host.Guests;
using XenDmHost.Host.VirtioMmio;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.Guests;

/// <summary>The files that registers are in: whose they are, and when they go.</summary>
public sealed class DeviceStatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_device_finds_its_own_registers_again_and_no_other_does()
    {
        Write(5, "/vm/a", Plan(3, 64), 7);
        Assert.Equal(7u, Read(5, "/vm/a", Plan(3, 64)));
        Assert.Null(Read(5, "/vm/b", Plan(3, 64)));
        Write(5, "/vm/a", Plan(3, 64), 7);
        Assert.Null(Read(5, "/vm/a", Plan(3, 128)));
        Write(5, "/vm/a", Plan(3, 64), 7);
        Assert.Null(Read(5, "/vm/a", Plan(4, 64)));
        Assert.Null(Read(6, "/vm/a", Plan(3, 64)));
        Assert.Equal(7u, Read(5, "/vm/a", Plan(3, 64)));
        Assert.Null(Read(5, "/vm/a", Plan(3, 64), keep: false));
        Assert.Null(Read(5, "/vm/a", Plan(3, 64, virtioId: 9)));
    }

    [Fact]
    public void What_is_removed_is_forgotten_and_other_guests_and_domains_are_left_alone()
    {
        Write(5, "/vm/a", Plan(3, 64), 7);
        Write(5, "/vm/a", Plan(4, 64), 7);
        Write(4, "/vm/a", Plan(3, 64), 7);
        File.WriteAllText(Path.Combine(_folder.Path, "work.7.5.3.registers"), "of the guest work.7");

        // No file of ours; a name that is too short for one must not end in an exception.
        File.WriteAllText(Path.Combine(_folder.Path, "work.registers"), "");
        DeviceStates.Remove(_folder.Path, "work", domid: 9);
        File.Delete(Path.Combine(_folder.Path, "work.registers"));
        using DeviceStates states = States(5, "/vm/a");
        states.Open(Plan(3, 64), keep: true, out _);
        states.Forget(3);
        Assert.Null(Read(5, "/vm/a", Plan(3, 64)));
        Assert.Equal(["work.4.3.registers", "work.5.3.registers", "work.5.4.registers", "work.7.5.3.registers"], Files());
        states.RemoveOlder();
        Assert.Equal(["work.5.3.registers", "work.5.4.registers", "work.7.5.3.registers"], Files());
        DeviceStates.Remove(_folder.Path, "work", 6);
        Assert.Equal(["work.5.3.registers", "work.5.4.registers", "work.7.5.3.registers"], Files());
        DeviceStates.Remove(_folder.Path, "work", 5);
        Assert.Equal(["work.7.5.3.registers"], Files());
    }

    [Fact]
    public void A_device_that_was_removed_and_attached_again_leaves_its_registers_to_a_successor()
    {
        using (DeviceStates states = States(5, "/vm/a"))
        {
            states.Open(Plan(3, 64), keep: false, out _).Registers.Status = 3;
            states.Forget(3);
            RegisterMemory again = states.Open(Plan(3, 64), keep: true, out bool kept);
            Assert.False(kept);
            again.Registers.Status = 7;
        }

        Assert.Equal(7u, Read(5, "/vm/a", Plan(3, 64)));
    }

    [Fact]
    public void Where_no_file_can_be_the_device_works_all_the_same()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        using DeviceStates states = new(Path.Combine(_folder.Path, "file"), "work", 5, "/vm/a", NullLogger.Instance);
        RegisterMemory memory = states.Open(Plan(3, 64), keep: true, out bool kept);
        memory.Registers.Status = 1;
        Assert.False(kept);
        states.Forget(3);
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private DeviceStates States(uint domid, string vm) => new(_folder.Path, "work", domid, vm, NullLogger.Instance);

    private void Write(uint domid, string vm, DevicePlan plan, uint status)
    {
        using DeviceStates states = States(domid, vm);
        states.Open(plan, keep: false, out _).Registers.Status = status;
    }

    private uint? Read(uint domid, string vm, DevicePlan plan, bool keep = true)
    {
        using DeviceStates states = States(domid, vm);
        RegisterMemory memory = states.Open(plan, keep, out bool kept);
        if (!kept)
        {
            Assert.Equal(0u, memory.Registers.Status);
        }

        return kept ? memory.Registers.Status : null;
    }

    private static DevicePlan Plan(int id, ushort size, uint virtioId = 2) => new()
    {
        Id = id,
        PluginLabel = "test 1.0.0",
        Model = new FakeModel { Identity = new DeviceIdentity(virtioId, "test") },
        QueueSizes = [size],
        BackEnd = new BackEndPlan("/nowhere", false, [], false),
    };
}
