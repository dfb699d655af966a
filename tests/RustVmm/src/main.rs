//! A vhost-user back-end on the rust-vmm crates, built for Xen, for tests of the other side.
//!
//! It serves one client after the other, each with a device in its first state; further clients wait. Prints `ready` on
//! standard output when a client can connect, and one line on standard error for each client that left in another way
//! than by hanging up.

mod backend;
mod blk;
mod device;
mod notes;
mod options;
mod rng;
mod server;
mod signals;

use options::Options;
use server::Server;

/// Exit codes: a signal asked for the end, or with --once the client hung up.
const EXIT_OK: i32 = 0;
/// With --once: the client was refused. Without: the socket or the image cannot be used.
const EXIT_FAILED: i32 = 1;
/// The command line is wrong.
const EXIT_USAGE: i32 = 2;

fn main() {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}\n{}", options::USAGE);
            std::process::exit(EXIT_USAGE);
        }
    };
    let code = match run(&options) {
        Ok(true) => EXIT_OK,
        Ok(false) => EXIT_FAILED,
        Err(why) => {
            eprintln!("{why}");
            EXIT_FAILED
        }
    };
    // The socket is gone by now. Ending here leaves no thread of the crates that could keep the process alive.
    std::process::exit(code);
}

/// Whether the last client hung up, as opposed to being refused.
fn run(options: &Options) -> Result<bool, String> {
    // Before any other thread exists, so that all of them have these signals blocked.
    let ends = signals::block()?;
    let server = Server::listen(options)?;
    signals::on_end(ends, options.socket.clone());
    println!("ready");
    loop {
        let hung_up = server.serve_one()?;
        if options.once {
            return Ok(hung_up);
        }
    }
}
