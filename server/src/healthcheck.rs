//! `freshet healthcheck`, for scripts and containers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, bail};

const TIMEOUT_SECONDS: u64 = 5;

/// Asks /health of a running console.
///
/// # Errors
/// Says why it is not healthy.
pub(crate) fn run(arguments: &clap::ArgMatches) -> anyhow::Result<()> {
    let url = arguments.get_one::<String>("url").map(String::as_str).unwrap_or_default();
    let host = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    let mut stream =
        TcpStream::connect(host).with_context(|| format!("nobody answers at {url}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(TIMEOUT_SECONDS)))?;
    write!(stream, "GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).with_context(|| format!("{url} did not answer"))?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    if status != "200" {
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        bail!("{url} answered {status}: {body}");
    }
    Ok(())
}
