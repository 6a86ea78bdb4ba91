//! Where Kafka clients connect, and what they are told to connect to.

use std::net::IpAddr;

/// One Kafka listener: `[NAME=]ADDR[,advertised=ADDR]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KafkaListener {
    /// Kafka's listener name; `PLAINTEXT` when none is given.
    pub name: String,
    /// Host to bind: an IP address or `localhost`.
    pub host: String,
    /// Port to bind; 0 means any free one.
    pub port: u16,
    /// What Metadata tells clients of this listener; `None` repeats the bound address.
    pub advertised: Option<(String, u16)>,
}

impl KafkaListener {
    /// Reads one listener.
    ///
    /// # Errors
    /// A sentence that names the part that does not parse.
    pub(crate) fn parse(text: &str) -> Result<KafkaListener, String> {
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let (name, address) = match first.split_once('=') {
            Some((name, address)) => (name.trim().to_ascii_uppercase(), address.trim()),
            None => ("PLAINTEXT".to_owned(), first),
        };
        let is_name = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !is_name {
            return Err(format!("`{name}` is not a listener name: use letters, digits, - and _"));
        }
        let (host, port) = host_port(address)?;
        let mut advertised = None;
        for part in parts {
            match part.split_once('=') {
                Some(("advertised", address)) => advertised = Some(host_port(address)?),
                _ => return Err(format!("`{part}` is not advertised=HOST:PORT")),
            }
        }
        if advertised.is_none() && is_wildcard(&host) {
            return Err(format!(
                "{address} listens on every address: say which one clients shall use with \
                 ,advertised=HOST:PORT"
            ));
        }
        Ok(KafkaListener { name, host, port, advertised })
    }

    /// The address to bind, as `HOST:PORT`.
    pub(crate) fn bind(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// Only this machine can reach it.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

fn is_wildcard(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified())
}

fn host_port(text: &str) -> Result<(String, u16), String> {
    let Some((host, port)) = text.rsplit_once(':') else {
        return Err(format!("`{text}` has no port: write HOST:PORT"));
    };
    let port = port.parse().map_err(|_| format!("`{port}` is not a port between 0 and 65535"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err(format!("`{text}` has no host: write HOST:PORT"));
    }
    Ok((host.to_owned(), port))
}

/// Listener names are unique, as Kafka demands.
pub(super) fn check_names(listeners: &[KafkaListener]) -> Result<(), String> {
    for (index, listener) in listeners.iter().enumerate() {
        if listeners[..index].iter().any(|other| other.name == listener.name) {
            return Err(format!(
                "two listeners are called {}: name them, as in INSIDE=127.0.0.1:9092",
                listener.name
            ));
        }
    }
    Ok(())
}
