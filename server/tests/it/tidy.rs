//! Tidiness as a test: dependency edges, sizes, banned calls, generated pages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The law: which of our crates each may use. Nothing else, dev-dependencies included.
const EDGES: &[(&str, &[&str])] = &[
    ("app", &["codec"]),
    ("frontend", &["app"]),
    ("records", &[]),
    ("codec", &[]),
    ("wire", &["records"]),
    ("storage", &["records"]),
    ("cluster", &["wire"]),
    ("coordinator", &["wire"]),
    ("broker", &["records", "wire", "storage", "cluster", "coordinator"]),
    ("client", &["records", "wire"]),
    ("sim", &["records", "wire", "storage", "cluster", "coordinator", "broker"]),
    (
        "server",
        &[
            "app",
            "broker",
            "client",
            "cluster",
            "codec",
            "coordinator",
            "records",
            "storage",
            "wire",
        ],
    ),
];

/// Crates that see no clock, no file and no runtime: those are arguments.
const PURE: &[&str] = &["records", "wire", "cluster", "coordinator", "codec"];

/// Lines of a file, tests apart: engine and server, and views.
const FILE_LINES_MAX: usize = 800;
const VIEW_LINES_MAX: usize = 300;

/// Calls that have a better place, with that place.
const BANNED: &[(&str, &str)] = &[
    ("dbg!(", "use tracing"),
    ("todo!(", "do it, or answer an error that names what to do"),
    ("unimplemented!(", "do it, or answer an error that names what to do"),
    ("FIXME", "name an issue or mend it"),
    ("std::sync::Mutex", "use parking_lot::Mutex"),
    ("unbounded_channel", "every queue has a named limit"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != "node_modules" {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["app", "frontend", "server"] {
        sources(&root().join(folder), &mut found);
    }
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root()).unwrap().to_owned(), text)
        })
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_stem().is_some_and(|stem| stem == "tests")
}

fn is_generated(text: &str) -> bool {
    text.starts_with("// @generated")
}

/// The file without its inline test module, which stands last.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let short = |name: &str| match name {
        "freshet" => "server".to_owned(),
        other => other.trim_start_matches("freshet-").to_owned(),
    };
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    for package in metadata["packages"].as_array().unwrap() {
        let name = short(package["name"].as_str().unwrap());
        let allowed =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in the table"));
        let uses: BTreeSet<String> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["path"].is_string())
            .map(|dependency| short(dependency["name"].as_str().unwrap()))
            .collect();
        for used in &uses {
            assert!(allowed.contains(&used.as_str()), "{name} may not depend on {used}");
        }
        if PURE.contains(&name.as_str()) {
            for dependency in package["dependencies"].as_array().unwrap() {
                let used = dependency["name"].as_str().unwrap();
                assert!(used != "tokio", "{name} may not depend on {used}");
            }
        }
    }
}

#[test]
fn pure_crates_take_time_files_and_chance_as_arguments() {
    let forbidden = ["SystemTime::now", "Instant::now", "std::fs::", "rand::"];
    for (path, text) in all_sources() {
        let text_path = path.to_string_lossy().into_owned();
        let is_pure =
            PURE.iter().any(|name| text_path.starts_with(&format!("server/crates/{name}/src")));
        if !is_pure || is_test(&path) {
            continue;
        }
        for call in forbidden {
            let found = without_tests(&text).contains(call);
            assert!(!found, "{text_path} uses {call}, which must be an argument");
        }
    }
}

#[test]
fn files_stay_small_enough_to_hold_in_mind() {
    for (path, text) in all_sources() {
        if is_test(&path) || is_generated(&text) {
            continue;
        }
        let lines = without_tests(&text).lines().count();
        let limit = if path.starts_with("app/src/pages") || path.starts_with("app/src/ui") {
            VIEW_LINES_MAX
        } else {
            FILE_LINES_MAX
        };
        assert!(lines <= limit, "{} has {lines} lines, at most {limit}: split it", path.display());
    }
}

#[test]
fn banned_calls_are_not_used() {
    for (path, text) in all_sources() {
        if path.ends_with("tests/it/tidy.rs") {
            continue;
        }
        for (call, instead) in BANNED {
            assert!(!text.contains(call), "{} uses {call}: {instead}", path.display());
        }
        let is_module_file = path.file_name().is_some_and(|name| name == "mod.rs");
        assert!(!is_module_file, "{}: name it after the module instead", path.display());
    }
}

#[test]
fn generated_pages_are_fresh() {
    for page in ["configuration", "protocol-support"] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_freshet")).args(["docs", page]).output().unwrap();
        let generated = String::from_utf8(output.stdout).unwrap();
        let path = root().join("docs").join(format!("{page}.md"));
        if std::env::var_os("FRESHET_UPDATE_DOCS").is_some() {
            std::fs::write(&path, &generated).unwrap();
        }
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            generated == checked_in,
            "docs/{page}.md is stale: run FRESHET_UPDATE_DOCS=1 cargo test -p freshet generated"
        );
    }
}
