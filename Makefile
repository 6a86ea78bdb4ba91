# `make run` runs Freshet, `make test` proves it. Both install what they need first.
# `make check` is the fast part of the tests; `make dev` rebuilds on save; `make bench` measures.
.PHONY: run test test-set-up check dev bench build tools docs
.DEFAULT_GOAL := run

# Tailwind and wasm-opt come from npm and must be found before anything cargo-leptos would download.
export PATH := $(CURDIR)/style/node_modules/.bin:$(PATH)
export LEPTOS_TAILWIND_VERSION := v4.3.5

BINARY := target/release/freshet

## Builds the release binary and starts it; data goes to ./data.
run: build
	@$(BINARY)

tools:
	@.ci/tools build

## The self-contained binary: site built first, compressed, then embedded.
build: tools
	cargo leptos build --release --precompress --bin-features embed

## Everything: format, lints, unit, integration, real clients, browser.
test: test-set-up check build
	.ci/end-to-end

test-set-up:
	@.ci/tools test

## The fast part: format, lints, unit and integration tests of the engine and the console.
check: tools
	cargo fmt --all --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy -p freshet-app --features ssr,fake --all-targets -- -D warnings
	cargo clippy -p freshet-frontend --target wasm32-unknown-unknown -- -D warnings
	cargo test -q
	cargo test -q -p freshet-app --features ssr,fake

## Rebuilds and restarts on save, with the console reloading itself.
dev: tools
	cargo leptos watch

bench: build test-set-up
	python3 end2end/bench/run.py
