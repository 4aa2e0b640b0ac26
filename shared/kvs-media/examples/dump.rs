//! Prints what is in a file that GetMedia's answer was saved to: `cargo run -p kvs-media --example dump -- file.mkv`.
//! Of frames, only when they begin and how long they are.

use std::io::Read;
use std::{env, fs, io};

use bytes::Bytes;
use kvs_media::{Limits, Reader};

fn main() -> io::Result<()> {
    let Some(path) = env::args_os().nth(1) else {
        return Err(io::Error::other("name the file to print: dump FILE"));
    };
    let mut file = fs::File::open(path)?;
    let mut reader = Reader::new(Limits::default());
    let mut chunk = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        reader.push(Bytes::copy_from_slice(&chunk[..length]));
        while let Some(event) = reader.poll() {
            println!("{event:?}");
        }
    }
}
