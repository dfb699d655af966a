//! The command line.

use std::path::PathBuf;

pub const USAGE: &str = "usage: xendmhost-rustvmm --socket PATH --device rng|blk [--image FILE] [--queues N]
                         [--max-queue-size N] [--offer-bit N] [--notes FILE] [--once]

  --image FILE        the disk of blk; where rng takes its bytes from, over and over (/dev/urandom unless given)
  --queues N          queues of the device (1)
  --max-queue-size N  most descriptors of a queue, a power of two (1024)
  --offer-bit N       offer one more virtio feature bit
  --notes FILE        keep there how many kicks and calls there were, and each table of memory regions
  --once              end when the first client leaves: with 0, or with 1 if it was refused";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Rng,
    Blk,
}

pub struct Options {
    pub socket: PathBuf,
    pub kind: Kind,
    pub image: Option<PathBuf>,
    pub queues: usize,
    pub max_queue_size: u16,
    /// Feature bits in addition to the device's own.
    pub more_features: u64,
    pub notes: Option<PathBuf>,
    pub once: bool,
}

impl Options {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let (mut socket, mut kind, mut image, mut notes) = (None, None, None, None);
        let (mut queues, mut max_queue_size, mut more_features, mut once) = (1, 1024, 0, false);
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--socket" => socket = Some(PathBuf::from(value()?)),
                "--device" => kind = Some(parse_kind(&value()?)?),
                "--image" => image = Some(PathBuf::from(value()?)),
                "--queues" => queues = number(&name, &value()?, 1, 32)? as usize,
                "--max-queue-size" => max_queue_size = power_of_two(&name, &value()?)?,
                "--offer-bit" => more_features |= 1 << number(&name, &value()?, 0, 63)?,
                "--notes" => notes = Some(PathBuf::from(value()?)),
                "--once" => once = true,
                _ => return Err(format!("unknown option {name}")),
            }
        }
        let socket = socket.ok_or("--socket is missing")?;
        let kind = kind.ok_or("--device is missing")?;
        if kind == Kind::Blk && image.is_none() {
            return Err("--device blk needs --image".into());
        }
        Ok(Options { socket, kind, image, queues, max_queue_size, more_features, notes, once })
    }
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    match text {
        "rng" => Ok(Kind::Rng),
        "blk" => Ok(Kind::Blk),
        _ => Err(format!("--device {text}: rng or blk")),
    }
}

fn number(name: &str, text: &str, least: u64, most: u64) -> Result<u64, String> {
    match text.parse() {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(format!("{name} {text}: a number from {least} to {most}")),
    }
}

fn power_of_two(name: &str, text: &str) -> Result<u16, String> {
    let value = number(name, text, 1, 32768)? as u16;
    if value.is_power_of_two() {
        Ok(value)
    } else {
        Err(format!("{name} {text}: a power of two"))
    }
}
