using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>An ioreq page in a memfd, and the hypervisor's side of it.</summary>
internal sealed class TestPage : IDisposable
{
    internal const int Vcpus = 4;
    private readonly FileDescriptor _file = Memfd.CreateSealed("ioreq", 4096);

    internal TestPage()
    {
        Memory = Mapping.Shared(_file, 0, 4096, writable: true, "ioreq page");
        for (int vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            Slot(vcpu).VpEport = 40u + (uint)vcpu;
        }

        Page = new IoreqPage(Memory, Vcpus);
    }

    internal Mapping Memory { get; }

    internal IoreqPage Page { get; }

    internal ref IoreqSlot Slot(int vcpu) => ref Memory.At<IoreqSlot>(vcpu * IoreqSlot.Size);

    internal int State(int vcpu) => Slot(vcpu).Flags & IoreqState.Mask;

    internal void SetState(int vcpu, int state) => Slot(vcpu).Flags = (byte)((Slot(vcpu).Flags & 0xF0) | state);

    /// <summary>The hypervisor's request, with the state READY.</summary>
    internal void Ask(int vcpu, ulong address, uint size, bool read, ulong data = 0, IoreqType type = IoreqType.Copy, uint count = 1, byte moreFlags = 0)
    {
        ref IoreqSlot slot = ref Slot(vcpu);
        slot.Address = address;
        slot.Data = data;
        slot.Count = count;
        slot.ItemSize = size;
        slot.Type = type;
        slot.Flags = (byte)(IoreqState.Ready | (read ? 0x20 : 0) | moreFlags);
    }

    public void Dispose()
    {
        Memory.Dispose();
        _file.Dispose();
    }
}
