# What there is to do. "make" lists the targets; each is a small script in deploy/scripts. Settings: .env.example.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: cluster cluster-ps cluster-down help setup setup-test build dev logs ps down publish play paths metrics test chaos verify bench coverage check containers-check format clean backup restore

# Given on the command line, handed to the scripts through the environment: nothing a user types becomes a part of a command.
# SECONDS has another name there: bash counts in a variable of that name.
export STREAM STREAMS TIMES NODE N SIDE FOLLOW ONLY PUBLISH FILE CLUSTER CONTINUITY STANDBY
export FOR_SECONDS := $(SECONDS)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing to build and run (ffmpeg, native tool chain, setpriv...)
	@deploy/scripts/setup.sh && echo 'All that Streams needs is installed.'

setup-test: ## install what is missing to run the tests (GStreamer, shellcheck)
	@deploy/scripts/setup.sh test && echo 'All that the tests need is installed.'

build: ## build everything in Release, and the hook as a native executable
	@deploy/scripts/build.sh

dev: ## start the silo and MediaMTX, wait until both answer, say where to look
	@deploy/scripts/dev.sh

logs: ## follow both logs; STREAM=demo: only that stream's lines
	@deploy/scripts/logs.sh

ps: ## list the parts, the workers by stream and the publishers
	@deploy/scripts/ps.sh

down: ## stop everything, and make sure that nothing is left
	@deploy/scripts/down.sh

cluster: ## start PostgreSQL, three silos and two media servers beside make dev, wait until all answer, say where to look
	@deploy/scripts/cluster.sh

cluster-ps: ## list the cluster's parts, the silos' states and workers, and which silo runs which stream
	@deploy/scripts/cluster-ps.sh

cluster-down: ## stop the whole cluster, and make sure that nothing is left; its database stays
	@deploy/scripts/cluster-down.sh

publish: ## publish a test stream: STREAM=demo [N=5: demo-1 to demo-5] [SECONDS=60] [NODE=b: at that media server of make cluster]
	@deploy/scripts/publish.sh "$$STREAM" "$$N" "$$FOR_SECONDS"

play: ## play a stream's output: STREAM=demo [SIDE=in] [SECONDS=5] [NODE=b]
	@deploy/scripts/play.sh "$$STREAM" "$${SIDE:-out}" "$${FOR_SECONDS:-5}"

paths: ## what MediaMTX's Control API says about every path
	@deploy/scripts/paths.sh

metrics: ## what MediaMTX's metrics say
	@deploy/scripts/metrics.sh

backup: ## write what the store holds to a new file: FILE=path; the silo may run
	@deploy/scripts/backup.sh "$$FILE"

restore: ## put back what make backup wrote: FILE=path; after make down
	@deploy/scripts/restore.sh "$$FILE"

test: ## build, and run every test; the last line is the count; ONLY="Grains Api": those projects
	@deploy/scripts/test.sh

chaos: ## random scripts and faults against the whole system for MINUTES=5; SEED=n repeats a run's scripts; CLUSTER=1 [STREAMS=20]: against a cluster
	@MINUTES="$${MINUTES:-5}" SEED="$${SEED:-}" deploy/scripts/chaos.sh

verify: ## measure the success criteria with 1 and with 5 streams, print the table; ONLY="SC-002 SC-004": those; AUDIENCE=all|off|cluster: other parts of SC-013
	@deploy/scripts/verify.sh

coverage: ## run every test and say which share of the lines they run, by project; the page is .run/coverage/index.html
	@deploy/scripts/coverage.sh

check: ## what a commit must pass: format, build, quick tests (what .pre-commit-config.yaml runs)
	@deploy/scripts/check.sh

containers-check: ## build and run the containers with Docker or podman, and check what they have to do; CLUSTER=1: those of profile cluster
	@deploy/scripts/containers-check.sh

bench: ## measure what this machine can do, beside targets and references; ONLY="hook memory": those; PUBLISH=1: writes docs/benchmarks.md too
	@deploy/scripts/bench.sh

format: ## format the C# code
	@dotnet format Streams.sln

clean: ## stop everything, remove what was built and the state of runs
	@deploy/scripts/clean.sh
