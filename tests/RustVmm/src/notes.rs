//! What a test on the other side cannot see by itself: kicks, calls and memory regions as they arrive here.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use vm_memory::{Address, GuestMemory, GuestMemoryMmap, GuestMemoryRegion};

/// A file whose first line says `kicks N calls N`, in ten digits each, of all clients so far. The lines after it are the
/// tables of memory regions, each with a line `table` in front: address, size, XEN_MMAP flags, domain, and what the
/// descriptor is that came with it.
#[derive(Default)]
pub struct Notes {
    file: Option<File>,
    kicks: AtomicU64,
    calls: AtomicU64,
    end: AtomicU64,
}

impl Notes {
    pub fn open(path: Option<&Path>) -> Result<Self, String> {
        let file = match path {
            Some(path) => Some(File::create(path).map_err(|error| format!("{}: {error}", path.display()))?),
            None => None,
        };
        let notes = Notes { file, ..Default::default() };
        notes.write_counts();
        notes.end.store(counts_line(0, 0).len() as u64, Ordering::Relaxed);
        Ok(notes)
    }

    pub fn kick(&self) {
        self.kicks.fetch_add(1, Ordering::Relaxed);
        self.write_counts();
    }

    pub fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.write_counts();
    }

    /// A table that has been mapped.
    pub fn table(&self, memory: &GuestMemoryMmap) {
        let mut text = String::from("table\n");
        for region in memory.iter() {
            let file = region.file_offset().map(|offset| std::fs::read_link(format!("/proc/self/fd/{}", offset.file().as_raw_fd())));
            let kind = match file {
                Some(Ok(path)) => path.display().to_string(),
                Some(Err(error)) => error.to_string(),
                None => String::from("no descriptor"),
            };
            text += &format!(
                "region {:#x} size {:#x} flags {:#x} domain {} by {kind}\n",
                region.start_addr().raw_value(),
                region.len(),
                region.xen_mmap_flags(),
                region.xen_mmap_data()
            );
        }
        let place = self.end.fetch_add(text.len() as u64, Ordering::Relaxed);
        self.write(&text, place);
    }

    fn write_counts(&self) {
        self.write(&counts_line(self.kicks.load(Ordering::Relaxed), self.calls.load(Ordering::Relaxed)), 0);
    }

    fn write(&self, text: &str, place: u64) {
        if let Some(Err(error)) = self.file.as_ref().map(|file| -> io::Result<()> { file.write_all_at(text.as_bytes(), place) }) {
            eprintln!("the notes cannot be written: {error}");
        }
    }
}

fn counts_line(kicks: u64, calls: u64) -> String {
    format!("kicks {kicks:010} calls {calls:010}\n")
}
