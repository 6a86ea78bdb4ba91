use super::file::ConfigFile;
use super::*;

fn resolve(arguments: &[&str]) -> Result<Settings, Error> {
    let mut line = vec!["freshet"];
    line.extend(arguments);
    Settings::resolve(&command().try_get_matches_from(line).unwrap())
}

#[test]
fn defaults_bind_loopback_and_promise_acked() {
    let settings = resolve(&[]).unwrap();
    assert_eq!(settings.kafka[0].bind(), "127.0.0.1:9092");
    assert_eq!(settings.console.to_string(), "127.0.0.1:8080");
    assert!(matches!(settings.durability, Durability::Acked));
}

#[test]
fn listeners_take_a_name_and_an_advertised_address() {
    let settings =
        resolve(&["--kafka", "host=127.0.0.1:0", "--kafka", "box=127.0.0.2:9,advertised=kafka:9"])
            .unwrap();
    assert_eq!(settings.kafka[0].name, "HOST");
    assert_eq!(settings.kafka[1].advertised, Some(("kafka".to_owned(), 9)));
}

#[test]
fn a_remote_bind_needs_an_explicit_yes() {
    let remote = ["--kafka", "0.0.0.0:9092,advertised=box:9092"];
    let error = resolve(&remote).unwrap_err().to_string();
    assert!(error.contains("--allow-remote"), "{error}");
    assert!(resolve(&[&remote[..], &["--allow-remote"]].concat()).is_ok());
}

#[test]
fn an_unknown_file_key_names_the_nearest_known_one() {
    let error = ConfigFile::parse("durabilty = \"strict\"", "f.toml".as_ref())
        .err()
        .map(|e| e.to_string())
        .unwrap();
    assert_eq!(error, "unknown key `durabilty` in f.toml, did you mean `durability`?");
}

#[test]
fn file_properties_may_be_dotted_or_quoted() {
    let file =
        ConfigFile::parse("[set]\nnum.partitions = 4\n\"log.retention.ms\" = -1", "f".as_ref())
            .ok()
            .unwrap();
    let mut found = file.properties();
    found.sort();
    assert_eq!(
        found,
        [("log.retention.ms".into(), "-1".into()), ("num.partitions".into(), "4".into())]
    );
}

#[test]
fn every_option_is_documented() {
    let page = markdown();
    for spec in OPTIONS {
        assert!(page.contains(&format!("`--{} ", spec.name)), "{}", spec.name);
    }
}
