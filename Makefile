# SPDX-License-Identifier: Apache-2.0
# `make jam` plays, `make test` proves. Everything else serves those two.

PACKAGES := libasound2-dev libjack-jackd2-dev jackd2 libfluidsynth-dev libsndfile1-dev timgm6mb-soundfont pkg-config
BUILD := .build/release
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
ARGS ?=

.PHONY: jam test sanitize soak chaos flood fuzz system-test bench bench-readme bench-peer report build deb deb-test dependencies format lint clean

## make jam: install what is missing, build, and jam. ARGS="..." goes to jamd.
jam: build
	@JAMD_STYLES=$(CURDIR)/Styles $(BUILD)/jamd --start-jack --demo --wav demo.wav --take demo.mid $(ARGS)

# What measures time, or talks to a real JACK server, has the machine to itself.
TIMED := IntegrationTests|JACKOutputTests|RealTimeTests|SynthesisTests|ALSAInputTests|ControlServerTests

## make test: all tests, the integration tests against a real jackd.
test: dependencies
	swift build -c release --build-tests
	swift test -c release --skip-build --skip '$(TIMED)'
	JAMD_PROGRAMS=$(CURDIR)/$(BUILD) swift test -c release --skip-build --no-parallel --filter '$(TIMED)'

## make sanitize: a minute of JACK's callbacks in every mode under RealtimeSanitizer.
sanitize: dependencies
	Tests/Proof/sanitize

## make soak [MINUTES=60]: a storm of playing, swaps and clients under load, period 64 and 128; ends with a verdict.
MINUTES ?= 60
soak: build
	@command -v stress-ng > /dev/null || \
	  $(SUDO) apt-get install -qy --no-install-recommends stress-ng || \
	  { $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends stress-ng; }
	swift build -c release --product jam-soak
	$(BUILD)/jam-soak soak $(MINUTES)

## make chaos [SEED=1] [FAULTS=20]: everything around jamd broken in an order drawn from SEED.
SEED ?= 1
FAULTS ?= 20
chaos: build
	swift build -c release --product jam-soak
	$(BUILD)/jam-soak chaos $(SEED) $(FAULTS)

## make flood [SECONDS=60]: clients that never read, flood and connect a thousand times; late notes beside quiet ones.
SECONDS ?= 60
flood: build
	swift build -c release --product jam-soak
	$(BUILD)/jam-soak flood $(SECONDS)

## make fuzz [COUNT=1000000]: as many inputs by chance to the readers of bytes from others: socket, OSC, a session manager,
##   TOML, journals, MIDI files; and to the ways of playing, which change in their midst; in an address space of 4 GB, so that memory without a bound fails.
COUNT ?= 1000000
READERS := RequestTests|MessageTests|ConversationTests|OSCTests|SessionClientTests|ConfigurationTests/fuzz|JournalTests/fuzz
READERS := $(READERS)|StandardMIDIFileTests/fuzz|ModeStormTests
fuzz: dependencies
	swift build -c release --build-tests
	ulimit -v 4000000 && JAMD_FUZZ=$(COUNT) swift test -c release --skip-build --filter '$(READERS)'

## make bench: what it costs on this machine (docs/benchmarks.md). ARGS="..." goes to jam-bench.
bench: build
	swift build -c release --product jam-bench
	@$(BUILD)/jam-bench --charts .build/bench $(ARGS)

## make bench-readme: the same, and README's table is made anew from it.
bench-readme: build
	swift build -c release --product jam-bench
	@$(BUILD)/jam-bench --charts .build/bench --readme README.md $(ARGS)

## make bench-peer: the same as bench, with vmo (Python, the model of OMax) beside it on the same notes.
PEERS := .build/peers
bench-peer: build $(PEERS)/bin/python
	swift build -c release --product jam-bench
	@$(BUILD)/jam-bench --charts .build/bench --vmo $(PEERS)/bin/python $(ARGS)

$(PEERS)/bin/python:
	@python3 -m venv --help >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || \
	  { $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends python3-venv; }
	python3 -m venv $(PEERS) && $(PEERS)/bin/pip install -q vmo==0.30.5 numpy scipy

## make report: whether answers sound like their style, measured on CORPORA, a folder of MIDI files for each artist.
CORPORA ?= ../shared/corpora
report: build
	@$(BUILD)/jam report --styles Styles --corpora $(CORPORA) --takes Tests/Takes -o report $(ARGS)

## make system-test: a real kernel, ALSA sequencer, JACK and systemd in a VM, 30 minutes of soak among it
##   (Tests/System/README.md). ARGS="--minutes 5": fewer.
## It installs nothing by itself but says what is missing; `Tests/System/run --install` installs it.
system-test: dependencies
	Tests/System/run $(ARGS)

## make deb: a Debian package with everything a box needs, in .build/deb.
deb: dependencies
	packaging/build-deb

## make deb-test: the same, tried in a chroot (install, upgrade, purge) and in the VM, with a keyboard that is plugged in.
deb-test: deb
	for package in $$(ls -t .build/deb/jamd_*.deb | head -n 1); do packaging/try-deb $$package; done
	Tests/System/run deb

build: dependencies
	swift build -c release --product jamd
	swift build -c release --product jam

dependencies:
	@missing=$$(for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing; fi

## make format / make lint: the one code style, by swift-format.
format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift
	.ci/check-arrows
	.ci/check-units

clean:
	swift package clean
