//! virtio-rng (virtio 1.3, 5.4): every writable buffer is filled.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use vm_memory::GuestMemoryMmap;

use crate::device::{Chain, Device};

/// The most that is given at once; a driver has to cope with less than its buffer takes.
const MOST: usize = 64 * 1024;

pub struct Rng {
    source: File,
}

impl Rng {
    pub fn open(source: &Path) -> Result<Self, String> {
        let mut file = File::open(source).map_err(|error| format!("{}: {error}", source.display()))?;
        match file.read(&mut [0]) {
            Ok(0) => return Err(format!("{}: is empty", source.display())),
            Ok(_) => (),
            Err(error) => return Err(format!("{}: {error}", source.display())),
        }
        // A device such as /dev/urandom has no beginning to go back to.
        let _ = file.rewind();
        Ok(Rng { source: file })
    }

    /// The source's next bytes, from its beginning again when it ends.
    fn fill(&mut self, bytes: &mut [u8]) -> std::io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            match self.source.read(&mut bytes[done..])? {
                0 => self.source.rewind()?,
                read => done += read,
            }
        }
        Ok(())
    }
}

impl Device for Rng {
    fn serve(&mut self, memory: &GuestMemoryMmap, chain: Chain) -> Result<u32, String> {
        let mut writer = chain.writer(memory).map_err(|error| error.to_string())?;
        let mut bytes = vec![0; writer.available_bytes().min(MOST)];
        self.fill(&mut bytes).and_then(|()| writer.write_all(&bytes)).map_err(|error| error.to_string())?;
        Ok(bytes.len() as u32)
    }
}
