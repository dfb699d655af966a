//! virtio-blk (virtio 1.3, 5.2) on a file: reads, writes, flushes, the serial number.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use vhost::vhost_user::message::VhostUserProtocolFeatures;
use virtio_bindings::virtio_blk::*;
use virtio_queue::{Reader, Writer};
use vm_memory::{ByteValued, GuestMemoryMmap, Le32, Le64};

use crate::device::{Chain, Device};

const SECTOR: u64 = 512;
const SERIAL: &[u8; VIRTIO_BLK_ID_BYTES as usize] = b"xendmhost-rust-vmm\0\0";

/// struct virtio_blk_config up to the fields for secure erase and zones, which are not offered.
const CONFIG_SIZE: usize = 60;
const WRITEBACK: usize = 32;

/// In front of every request (virtio 1.3, 5.2.6).
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Header {
    kind: Le32,
    reserved: Le32,
    sector: Le64,
}

// SAFETY: plain integers, without padding.
unsafe impl ByteValued for Header {}

pub struct Blk {
    image: File,
    size: u64,
    config: [u8; CONFIG_SIZE],
    features: u64,
}

impl Blk {
    pub fn open(path: &Path, queues: usize, max_queue_size: u16) -> Result<Self, String> {
        let failed = |error: io::Error| format!("{}: {error}", path.display());
        let image = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
        let size = image.metadata().map_err(failed)?.len() / SECTOR * SECTOR;
        let mut features = 1 << VIRTIO_BLK_F_SEG_MAX
            | 1 << VIRTIO_BLK_F_BLK_SIZE
            | 1 << VIRTIO_BLK_F_FLUSH
            | 1 << VIRTIO_BLK_F_CONFIG_WCE;
        if queues > 1 {
            features |= 1 << VIRTIO_BLK_F_MQ;
        }
        Ok(Blk { image, size, config: config(size, queues, max_queue_size), features })
    }

    fn execute(&self, header: &Header, request: &mut Reader, answer: &mut Writer) -> (u32, u32) {
        let offset = header.sector.to_native().saturating_mul(SECTOR);
        let done = match header.kind.to_native() {
            VIRTIO_BLK_T_IN => self.read(offset, answer),
            VIRTIO_BLK_T_OUT => self.write(offset, request),
            VIRTIO_BLK_T_FLUSH => self.image.sync_data().map(|()| 0),
            VIRTIO_BLK_T_GET_ID => answer.write_all(SERIAL).map(|()| VIRTIO_BLK_ID_BYTES),
            _ => return (VIRTIO_BLK_S_UNSUPP, 0),
        };
        done.map_or((VIRTIO_BLK_S_IOERR, 0), |written| (VIRTIO_BLK_S_OK, written))
    }

    fn read(&self, offset: u64, answer: &mut Writer) -> io::Result<u32> {
        let mut data = self.buffer(offset, answer.available_bytes())?;
        self.image.read_exact_at(&mut data, offset)?;
        answer.write_all(&data)?;
        Ok(data.len() as u32)
    }

    fn write(&self, offset: u64, request: &mut Reader) -> io::Result<u32> {
        let mut data = self.buffer(offset, request.available_bytes())?;
        request.read_exact(&mut data)?;
        self.image.write_all_at(&data, offset)?;
        if self.config[WRITEBACK] == 0 {
            self.image.sync_data()?;
        }
        Ok(0)
    }

    /// Memory for whole sectors that lie wholly on the disk; so a guest cannot ask for more than the image has.
    fn buffer(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let on_disk = offset.checked_add(length as u64).is_some_and(|end| end <= self.size);
        if on_disk && length as u64 % SECTOR == 0 {
            Ok(vec![0; length])
        } else {
            Err(io::ErrorKind::InvalidInput.into())
        }
    }
}

impl Device for Blk {
    fn features(&self) -> u64 {
        self.features
    }

    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::CONFIG
    }

    fn config(&self) -> &[u8] {
        &self.config
    }

    /// Only the cache mode can be written.
    fn write_config(&mut self, offset: usize, data: &[u8]) -> Result<(), String> {
        match (offset, data) {
            (WRITEBACK, [mode @ (0 | 1)]) => {
                self.config[WRITEBACK] = *mode;
                self.image.sync_data().map_err(|error| error.to_string())
            }
            _ => Err(format!("{} bytes of configuration at {offset} cannot be written", data.len())),
        }
    }

    fn serve(&mut self, memory: &GuestMemoryMmap, chain: Chain) -> Result<u32, String> {
        let mut request = chain.clone().reader(memory).map_err(|error| error.to_string())?;
        let mut answer = chain.writer(memory).map_err(|error| error.to_string())?;
        let header: Header = request.read_obj().map_err(|_| "a request without its header")?;
        let room = answer.available_bytes().checked_sub(1).ok_or("a request without room for its status")?;
        let mut status = answer.split_at(room).map_err(|error| error.to_string())?;
        let (code, written) = self.execute(&header, &mut request, &mut answer);
        status.write_all(&[code as u8]).map_err(|error| error.to_string())?;
        Ok(written + 1)
    }
}

fn config(size: u64, queues: usize, max_queue_size: u16) -> [u8; CONFIG_SIZE] {
    // Header and status take a descriptor each.
    let seg_max = u32::from(max_queue_size.saturating_sub(2)).max(1);
    let mut config = [0; CONFIG_SIZE];
    let mut put = |offset: usize, bytes: &[u8]| config[offset..offset + bytes.len()].copy_from_slice(bytes);
    put(0, &(size / SECTOR).to_le_bytes());
    put(12, &seg_max.to_le_bytes());
    put(20, &(SECTOR as u32).to_le_bytes());
    put(WRITEBACK, &[1]);
    put(34, &(queues as u16).to_le_bytes());
    config
}
