//! The vhost-user-backend crate's view of a device: what it offers, and what to do when a ring is kicked.

use std::io;
use std::sync::Arc;

use vhost::vhost_user::message::VhostUserProtocolFeatures;
use vhost_user_backend::{VhostUserBackendMut, VringRwLock, VringT};
use virtio_bindings::virtio_config::VIRTIO_F_VERSION_1;
use virtio_bindings::virtio_ring::{VIRTIO_RING_F_EVENT_IDX, VIRTIO_RING_F_INDIRECT_DESC};
use virtio_queue::QueueOwnedT;
use vm_memory::{GuestAddressSpace, GuestMemoryAtomic, GuestMemoryMmap};
use vmm_sys_util::epoll::EventSet;
use vmm_sys_util::eventfd::{EventFd, EFD_NONBLOCK};

use crate::device::Device;
use crate::notes::Notes;
use crate::options::Options;

type Memory = GuestMemoryAtomic<GuestMemoryMmap>;

/// VHOST_USER_F_PROTOCOL_FEATURES, which shares its number with no virtio feature.
const PROTOCOL_FEATURES: u32 = 30;

pub struct Backend {
    device: Box<dyn Device>,
    queues: usize,
    max_queue_size: usize,
    more_features: u64,
    memory: Option<Memory>,
    notes: Arc<Notes>,
    stop: EventFd,
}

impl Backend {
    pub fn new(device: Box<dyn Device>, options: &Options, notes: Arc<Notes>) -> Result<Self, String> {
        Ok(Backend {
            device,
            queues: options.queues,
            max_queue_size: options.max_queue_size.into(),
            more_features: options.more_features,
            memory: None,
            notes,
            stop: EventFd::new(EFD_NONBLOCK).map_err(|error| format!("eventfd: {error}"))?,
        })
    }

    /// Ends the ring threads of this back-end.
    pub fn stop_workers(&self) {
        let _ = self.stop.write(1);
    }

    /// Serves what is available. Whether anything was given back.
    fn drain(&mut self, vring: &VringRwLock, memory: &GuestMemoryMmap) -> io::Result<bool> {
        let mut any = false;
        loop {
            // Taken in a statement of its own: the ring's lock must be free again when the chain is given back.
            let next = match vring.get_mut().get_queue_mut().iter(memory) {
                Ok(mut chains) => chains.next(),
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error.to_string())),
            };
            let Some(chain) = next else { return Ok(any) };
            let head = chain.head_index();
            let written = self.device.serve(memory, chain).unwrap_or_else(|why| {
                eprintln!("chain {head}: {why}");
                0
            });
            vring.add_used(head, written).map_err(io::Error::other)?;
            any = true;
        }
    }

    /// Until no chain arrived between the last look and the moment when kicks were asked for again.
    fn serve(&mut self, vring: &VringRwLock) -> io::Result<()> {
        let Some(memory) = self.memory.clone() else { return Ok(()) };
        let memory = memory.memory();
        loop {
            vring.disable_notification().map_err(io::Error::other)?;
            let any = self.drain(vring, &memory)?;
            if any && vring.needs_notification().map_err(io::Error::other)? {
                self.notes.call();
                vring.signal_used_queue()?;
            }
            if !vring.enable_notification().map_err(io::Error::other)? {
                return Ok(());
            }
        }
    }
}

impl VhostUserBackendMut for Backend {
    type Bitmap = ();
    type Vring = VringRwLock;

    fn num_queues(&self) -> usize {
        self.queues
    }

    fn max_queue_size(&self) -> usize {
        self.max_queue_size
    }

    fn features(&self) -> u64 {
        let transport = 1 << VIRTIO_F_VERSION_1
            | 1 << VIRTIO_RING_F_INDIRECT_DESC
            | 1 << VIRTIO_RING_F_EVENT_IDX
            | 1 << PROTOCOL_FEATURES;
        self.device.features() | transport | self.more_features
    }

    /// XEN_MMAP is added by the vhost crate itself, because it is built with its `xen` feature.
    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::MQ
            | VhostUserProtocolFeatures::REPLY_ACK
            | VhostUserProtocolFeatures::RESET_DEVICE
            | VhostUserProtocolFeatures::CONFIGURE_MEM_SLOTS
            | self.device.protocol_features()
    }

    /// The crate tells its rings by itself.
    fn set_event_idx(&mut self, _enabled: bool) {}

    /// Nothing for what is not wholly there: the crate makes the answer that says so.
    fn get_config(&self, offset: u32, size: u32) -> Vec<u8> {
        let (offset, size) = (offset as usize, size as usize);
        self.device.config().get(offset..offset + size).unwrap_or_default().to_vec()
    }

    fn set_config(&mut self, offset: u32, data: &[u8]) -> io::Result<()> {
        self.device.write_config(offset as usize, data).map_err(io::Error::other)
    }

    fn update_memory(&mut self, memory: Memory) -> io::Result<()> {
        self.notes.table(&memory.memory());
        self.memory = Some(memory);
        Ok(())
    }

    fn exit_event(&self, _thread: usize) -> Option<EventFd> {
        self.stop.try_clone().ok()
    }

    /// An error would end the ring thread for good, so a ring that cannot be read is reported and left alone.
    fn handle_event(&mut self, event: u16, _: EventSet, vrings: &[VringRwLock], _: usize) -> io::Result<()> {
        self.notes.kick();
        if let Some(vring) = vrings.get(usize::from(event)) {
            if let Err(error) = self.serve(vring) {
                eprintln!("queue {event}: {error}");
            }
        }
        Ok(())
    }
}
