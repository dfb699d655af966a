//! The socket, and one daemon of the vhost-user-backend crate after the other behind it.

use std::os::fd::{FromRawFd, IntoRawFd};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use vhost::vhost_user::{Error as ProtocolError, Listener};
use vhost_user_backend::{Error as DaemonError, VhostUserDaemon};
use vm_memory::{GuestMemoryAtomic, GuestMemoryMmap};

use crate::backend::Backend;
use crate::blk::Blk;
use crate::device::Device;
use crate::notes::Notes;
use crate::options::{Kind, Options};
use crate::rng::Rng;

pub struct Server<'a> {
    options: &'a Options,
    listener: UnixListener,
    notes: Arc<Notes>,
}

impl<'a> Server<'a> {
    /// A socket that a killed server left behind is replaced. The device is tried once, so that an image that cannot be
    /// used is an error now and not at the first client.
    pub fn listen(options: &'a Options) -> Result<Self, String> {
        new_device(options)?;
        let notes = Arc::new(Notes::open(options.notes.as_deref())?);
        let _ = std::fs::remove_file(&options.socket);
        let listener =
            UnixListener::bind(&options.socket).map_err(|error| format!("{}: {error}", options.socket.display()))?;
        Ok(Server { options, listener, notes })
    }

    /// Waits for a client and serves it to its end. Whether it hung up by itself.
    pub fn serve_one(&self) -> Result<bool, String> {
        let backend = Arc::new(Mutex::new(Backend::new(new_device(self.options)?, self.options, self.notes.clone())?));
        let memory = GuestMemoryAtomic::new(GuestMemoryMmap::new());
        let mut daemon = VhostUserDaemon::new("vhost-user".into(), backend.clone(), memory).map_err(text)?;
        daemon.start(self.borrow_listener()?).map_err(text)?;
        let result = daemon.wait();
        // The ring threads run for ever without this, and dropping the daemon waits for them.
        backend.lock().unwrap().stop_workers();
        Ok(hung_up(result))
    }

    /// The crate's listener takes its socket with it when it is done with its one client, so it is given a duplicate.
    fn borrow_listener(&self) -> Result<Listener, String> {
        let duplicate = self.listener.try_clone().map_err(text)?;
        // SAFETY: the duplicate is a listening socket whose one owner is the new object.
        Ok(unsafe { Listener::from_raw_fd(duplicate.into_raw_fd()) })
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.options.socket);
    }
}

fn hung_up(result: Result<(), DaemonError>) -> bool {
    match result {
        Ok(()) | Err(DaemonError::HandleRequest(ProtocolError::Disconnected | ProtocolError::PartialMessage)) => true,
        Err(error) => {
            eprintln!("refused: {error}");
            false
        }
    }
}

fn new_device(options: &Options) -> Result<Box<dyn Device>, String> {
    match options.kind {
        Kind::Rng => {
            let source = options.image.clone().unwrap_or_else(|| PathBuf::from("/dev/urandom"));
            Ok(Box::new(Rng::open(&source)?))
        }
        Kind::Blk => {
            let image = options.image.as_deref().ok_or("--device blk needs --image")?;
            Ok(Box::new(Blk::open(image, options.queues, options.max_queue_size)?))
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
