//! What the two devices have in common.

use vhost::vhost_user::message::VhostUserProtocolFeatures;
use vm_memory::GuestMemoryMmap;

/// One request of the driver: a chain of descriptors in guest memory.
pub type Chain<'a> = virtio_queue::DescriptorChain<&'a GuestMemoryMmap>;

pub trait Device: Send + Sync {
    /// The device's own virtio feature bits.
    fn features(&self) -> u64 {
        0
    }

    /// Protocol features beyond those that both have.
    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::empty()
    }

    /// The whole configuration space.
    fn config(&self) -> &[u8] {
        &[]
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) -> Result<(), String> {
        Err("the device has no configuration that can be written".into())
    }

    /// Does what a chain asks for. Returns the bytes written into it; an error is a chain that makes no sense.
    fn serve(&mut self, memory: &GuestMemoryMmap, chain: Chain) -> Result<u32, String>;
}
