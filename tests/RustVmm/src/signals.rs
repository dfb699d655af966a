//! SIGTERM and SIGINT end the process in order: its socket is removed first.

use std::path::PathBuf;

/// Blocks the two in this thread and in those that it starts. Returns the set to wait for.
pub fn block() -> Result<libc::sigset_t, String> {
    // SAFETY: the set is a local variable that sigemptyset initialises before anything reads it.
    let (set, error) = unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGTERM);
        libc::sigaddset(&mut set, libc::SIGINT);
        (set, libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut()))
    };
    match error {
        0 => Ok(set),
        _ => Err(format!("signals cannot be blocked: {}", std::io::Error::from_raw_os_error(error))),
    }
}

/// A thread that waits for one of them.
pub fn on_end(set: libc::sigset_t, socket: PathBuf) {
    std::thread::spawn(move || {
        let mut signal = 0;
        // SAFETY: both are valid for the whole call.
        unsafe { libc::sigwait(&set, &mut signal) };
        let _ = std::fs::remove_file(&socket);
        std::process::exit(crate::EXIT_OK);
    });
}
