//! The site's files: embedded in a release binary, read from disk in development.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

#[cfg(feature = "embed")]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/site.rs"));
}

/// Hashed names never change their content.
const CACHE_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Other files are asked for again after a day.
const CACHE_A_DAY: &str = "public, max-age=86400";

/// Where files come from.
pub(crate) struct Assets {
    hashes: HashMap<String, String>,
    #[cfg(feature = "embed")]
    files: HashMap<&'static str, &'static [u8]>,
    #[cfg(not(feature = "embed"))]
    root: std::path::PathBuf,
}

impl Assets {
    /// The files of this build.
    #[cfg(feature = "embed")]
    pub fn load() -> Assets {
        Assets {
            hashes: parse_hashes(embedded::HASHES),
            files: embedded::FILES.iter().copied().collect(),
        }
    }

    /// The files that `make dev` keeps in the site directory.
    #[cfg(not(feature = "embed"))]
    pub(crate) fn load() -> Assets {
        let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.to_owned()));
        let hashes = beside
            .and_then(|folder| std::fs::read_to_string(folder.join("hash.txt")).ok())
            .unwrap_or_default();
        let root = std::env::var("LEPTOS_SITE_ROOT").unwrap_or_else(|_| "target/site".to_owned());
        Assets { hashes: parse_hashes(&hashes), root: root.into() }
    }

    /// The URL of the `js`, `wasm` or `css` file.
    pub(crate) fn url(&self, kind: &str) -> String {
        let extension = kind;
        let stem = if kind == "wasm" && !self.hashes.contains_key("wasm") {
            "freshet_bg"
        } else {
            "freshet"
        };
        match self.hashes.get(kind) {
            Some(hash) => format!("/pkg/freshet.{hash}.{extension}"),
            None => format!("/pkg/{stem}.{extension}"),
        }
    }

    /// Names this build, for "Freshet was updated, reload".
    pub(crate) fn build_hash(&self) -> String {
        self.hashes.get("wasm").or(self.hashes.get("js")).cloned().unwrap_or("dev".to_owned())
    }

    /// The file at `path` (without leading slash) in the best encoding that the client takes.
    pub(crate) fn respond(&self, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        let accepted =
            headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let encodings = [("br", ".br"), ("gzip", ".gz")];
        let compressed = encodings
            .iter()
            .filter(|(name, _)| {
                accepted.split(',').any(|a| a.trim().split(';').next() == Some(name))
            })
            .find_map(|(name, suffix)| Some((*name, self.bytes(&format!("{path}{suffix}"))?)));
        let (encoding, bytes) = match compressed {
            Some((name, bytes)) => (Some(name), bytes),
            None => (None, self.bytes(path)?),
        };
        let mut response = Response::new(match bytes {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        });
        *response.status_mut() = StatusCode::OK;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let is_hashed = self.hashes.values().any(|hash| path.contains(hash.as_str()));
        let cache = if is_hashed { CACHE_FOR_EVER } else { CACHE_A_DAY };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }

    #[cfg(feature = "embed")]
    fn bytes(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        self.files.get(path).map(|bytes| Cow::Borrowed(*bytes))
    }

    #[cfg(not(feature = "embed"))]
    fn bytes(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let is_plain = path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".");
        if !is_plain {
            return None;
        }
        std::fs::read(self.root.join(path)).ok().map(Cow::Owned)
    }
}

fn parse_hashes(text: &str) -> HashMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(kind, hash)| (kind.trim().to_owned(), hash.trim().to_owned()))
        .collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
