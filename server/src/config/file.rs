//! The TOML file behind `--config`.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Error, OPTIONS};

/// The file's keys as lists of text, so that every source of a value looks the same.
#[derive(Default)]
pub(super) struct ConfigFile {
    values: BTreeMap<String, Vec<String>>,
    properties: Vec<(String, String)>,
}

impl ConfigFile {
    pub(super) fn read(path: &Path) -> Result<ConfigFile, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        ConfigFile::parse(&text, path)
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<ConfigFile, Error> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::Malformed {
            path: path.to_owned(),
            reason: e.to_string(),
        })?;
        let mut file = ConfigFile::default();
        for (key, value) in table {
            if key == "set" {
                file.properties = properties(&value)?;
                continue;
            }
            if key == "config" || !OPTIONS.iter().any(|o| o.name == key) {
                return Err(unknown(&key, path));
            }
            let listed = match value {
                toml::Value::Array(items) => items.iter().map(scalar).collect(),
                other => vec![scalar(&other)],
            };
            file.values.insert(key, listed);
        }
        Ok(file)
    }

    pub(super) fn get(&self, name: &str) -> Option<&[String]> {
        self.values.get(name).map(Vec::as_slice)
    }

    pub(super) fn properties(&self) -> Vec<(String, String)> {
        self.properties.clone()
    }
}

/// `[set]` takes both `"num.partitions" = 4` and TOML's dotted `num.partitions = 4`.
fn properties(value: &toml::Value) -> Result<Vec<(String, String)>, Error> {
    let toml::Value::Table(table) = value else {
        return Err(Error::Invalid {
            name: "set".to_owned(),
            reason: "write a [set] table of broker properties".to_owned(),
        });
    };
    let mut found = Vec::new();
    flatten("", table, &mut found);
    Ok(found)
}

fn flatten(prefix: &str, table: &toml::Table, found: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&name, inner, found),
            other => found.push((name, scalar(other))),
        }
    }
}

fn scalar(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unknown(key: &str, path: &Path) -> Error {
    let names = OPTIONS.iter().map(|o| o.name).filter(|n| *n != "config");
    let nearest = names
        .map(|name| (distance(key, name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 2)
        .map(|(_, name)| name.to_owned());
    Error::Unknown { key: key.to_owned(), place: path.display().to_string(), nearest }
}

/// Levenshtein distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
