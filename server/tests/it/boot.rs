//! Starting and stopping the binary: what stands in the way is named, with what to do.

use std::process::{Command, Output};

use crate::running::{Running, command};

fn refused(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success());
    let message = String::from_utf8(stderr).unwrap();
    assert!(message.contains("freshet: "), "{message}");
    message
}

#[test]
fn one_json_line_tells_the_addresses_and_sigterm_ends_it_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(command(folder.path()));
    assert_eq!(running.up["event"], "up");
    assert_eq!(running.up["mode"], "embedded");
    assert!(!running.kafka().ends_with(":0"), "{}", running.up);
    assert!(running.stop().success());
    let again = Running::start(command(folder.path()));
    assert!(again.stop().success());
}

#[test]
fn a_second_start_on_the_same_directory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _running = Running::start(command(folder.path()));
    let message = refused(&mut command(folder.path()));
    assert!(message.contains("in use by another process"), "{message}");
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let running = Running::start(command(folder.path()));
    let mut second = Command::new(env!("CARGO_BIN_EXE_freshet"));
    second.env_clear().arg("--data-dir").arg(other.path()).args([
        "--console",
        "127.0.0.1:0",
        "--kafka",
        running.kafka(),
    ]);
    let message = refused(&mut second);
    assert!(message.contains(running.kafka()) && message.contains("--kafka"), "{message}");
}

#[test]
fn an_unknown_broker_property_names_the_nearest_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let message = refused(command(folder.path()).args(["--set", "num.partition=4"]));
    assert!(message.contains("num.partitions"), "{message}");
}

#[test]
fn a_newer_data_directory_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Running::start(command(folder.path())).stop().success());
    std::fs::write(folder.path().join("format"), "freshet storage format 99\n").unwrap();
    let message = refused(&mut command(folder.path()));
    assert!(message.contains("99"), "{message}");
}

#[test]
fn help_explains_every_option() {
    let output = Command::new(env!("CARGO_BIN_EXE_freshet")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for option in ["--data-dir", "--kafka", "--console", "--cluster", "--durability", "--set"] {
        assert!(help.contains(option), "{option} is missing");
    }
}
