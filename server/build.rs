//! Embeds the built site (feature `embed`) and reruns when migrations change.
//!
//! Only the files of the current build are taken: the site directory may still hold older hashed
//! names beside them.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return;
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let site = manifest.join("../target/site");
    // OUT_DIR is <target>/<profile>/build/<package>/out; cargo-leptos leaves its hashes beside
    // the executable.
    let profile = out.ancestors().nth(3).expect("OUT_DIR lies three levels below the profile");
    let hashes_path = profile.join("hash.txt");
    println!("cargo:rerun-if-changed={}", site.display());
    println!("cargo:rerun-if-changed={}", hashes_path.display());
    let hashes = fs::read_to_string(&hashes_path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; build with `make build`, which builds the site first",
            hashes_path.display()
        )
    });
    let current: Vec<&str> = hashes
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(_, hash)| hash.trim())
        .collect();

    let mut files = Vec::new();
    walk(&site, &mut files);
    files.sort();
    let mut source =
        format!("/// Contents of hash.txt.\npub(super) const HASHES: &str = {hashes:?};\n");
    source.push_str("/// Path below the site root, and the bytes.\npub(super) static FILES: &[(&str, &[u8])] = &[\n");
    for file in files {
        let path = file.strip_prefix(&site).expect("walk stays below the site");
        let name = path.to_string_lossy().replace('\\', "/");
        if is_stale(&name, &current) {
            continue;
        }
        let real = file.canonicalize().expect("the walk found it");
        let _ =
            writeln!(source, "    ({name:?}, include_bytes!({:?})),", real.display().to_string());
    }
    source.push_str("];\n");
    fs::write(out.join("site.rs"), source).expect("OUT_DIR is writable");
}

/// A file under pkg/ whose name carries none of the current hashes was left by an older build.
fn is_stale(name: &str, current: &[&str]) -> bool {
    name.starts_with("pkg/freshet.") && !current.iter().any(|hash| name.contains(hash))
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
