SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
GO_FILES := $(shell git ls-files '*.go' 2>/dev/null)
NPM := npm --prefix frontend
title = @printf '\n\033[1m== %s\033[0m\n'

.PHONY: help
help: ## Show what can be done here
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "}; {printf "  %-12s %s\n", $$1, $$2}'

.PHONY: run
run: build tools-run ## Build everything and start it with sample data in ./data/sample
	KEYTRAIL_SAMPLE=1 KEYTRAIL_DATA=$${KEYTRAIL_DATA:-./data/sample} bin/keytrail serve

.PHONY: build
build: app bin/keytrail ## Build the app and bin/keytrail with the app inside

.PHONY: app
app: frontend/node_modules/.package-lock.json ## Build the web app into frontend/dist
	$(title) 'app'
	$(NPM) run --silent build

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	$(title) 'npm packages'
	$(NPM) ci --no-audit --no-fund
	@touch $@

.PHONY: bin/keytrail
bin/keytrail:
	$(title) 'bin/keytrail'
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./server

AGENT_SYSTEMS := linux-amd64 linux-arm64 windows-amd64 windows-arm64 darwin-amd64 darwin-arm64

.PHONY: agent
agent: $(AGENT_SYSTEMS:%=bin/agent/%) ## Build keytrail-agent for every system into bin/agent

.PHONY: $(AGENT_SYSTEMS:%=bin/agent/%)
$(AGENT_SYSTEMS:%=bin/agent/%): bin/agent/%:
	$(title) 'keytrail-agent for $*'
	GOOS=$(word 1,$(subst -, ,$*)) GOARCH=$(word 2,$(subst -, ,$*)) CGO_ENABLED=0 go build -C agent -trimpath \
		-ldflags '-s -w -X main.version=$(VERSION) $(if $(findstring windows,$*),-H windowsgui)' \
		-o ../$@/keytrail-agent$(if $(findstring windows,$*),.exe) .

.PHONY: generate
generate: frontend/node_modules/.package-lock.json ## Generate Go and TypeScript from schema/
	go generate ./...
	$(NPM) run --silent generate

.PHONY: fmt
fmt: ## Format Go and TypeScript
	gofmt -w $(GO_FILES)
	$(NPM) run --silent format

.PHONY: lint
lint: ## Vet Go, check formats, and check the app
	$(title) 'lint'
	@unformatted=$$(gofmt -l $(GO_FILES)); if [ -n "$$unformatted" ]; then echo "gofmt is needed on: $$unformatted"; exit 1; fi
	go vet ./...

.PHONY: check-generated
check-generated: frontend/node_modules/.package-lock.json ## Fail when generated code is older than the schema
	$(title) 'generated code'
	@before=$$(.ci/generated-sum); $(MAKE) --no-print-directory generate >/dev/null; \
	if [ "$$before" != "$$(.ci/generated-sum)" ]; then echo 'Generated code is stale: run make generate and commit what it changed.'; git status --short; exit 1; fi

.PHONY: s3gateway
s3gateway: ## Build the service that speaks S3 for tests; the go command keeps it
	$(title) 's3gateway'
	@cd s3gateway && go tool -n versitygw

# What test processes start from: a database that was made and migrated once. Its place is always the same, so that go
# knows results from before.
TEST_DATABASE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/keytrail/test-database

# Each test's database is small, however much memory the machine has.
test-go test-agent test-interop test-audit test-e2e: export KEYTRAIL_DATABASE_MEMORY := 256

# Garbage is collected less often, which saves processor time; lint has vetted all already.
test-go: export GOGC := 400

# Tests that go through everything there is, one step after the other. The race detector finds nothing in them that others
# do not show it, and makes them three to twelve times slower: they run without it, after all others.
WALKS := AForeignIDAndAnAbsentOneAreAnsweredAlike ALargeDjangoLogIsImportedOnceAndItsBrokenLinesAreNamed \
	APageOfATimelineTouchesAboutAsManyRowsAsItShows APageTouchesAboutAsManyRowsAsItShows ARebuildThatIsStoppedIsMadeUpForByTheNext \
	AYearOfRunsKeepsExactlyWhatThePoliciesSay \
	AnEntryThatWasRecordedWhileItsExportWasMadeIsProvedUnderALaterCheckpoint \
	ArchivesGiveExactlyWhatTheLogGaveBeforeItWasPruned AsManyKeysAsMayBeAreImportedAtOnce \
	AttacksOfFullSizeAreRefusedWithLittleMemory CursorsThatNoPageGaveAreRefused \
	EveryFilterGoesAlongAnIndexInItsOrder EveryFilterOfATimelineGoesAlongIndexesInTheirOrder \
	EveryPageHasSomethingToShow NoForgedBundleIsTakenForAGoodOne PermissionMatrix \
	RandomStepsOfSeveralActorsAgreeWithAModel SampleIsContinuedNotMixedWithRealDataAndEndsWhereItCannotListen \
	TreesOfAllShapesAreVerified TwentyThousandMovementsAreImported
space := $(subst ,, )
walks := Test($(subst $(space),|,$(strip $(WALKS))))
walked = $(sort $(addprefix ./,$(dir $(shell git grep -lwE 'func $(walks)' -- '*_test.go'))))

.PHONY: test-go
test-go: s3gateway ## Run the Go tests, with the race detector but for WALKS
	$(title) 'go test'
	@.ci/tools mariadbd jq xxd openssl unzip
	go run ./server/mysql/mysqltest/prepare $(TEST_DATABASE)
	GORACE=atexit_sleep_ms=100 KEYTRAIL_TEST_DATABASE=$(TEST_DATABASE) go test -race -vet=off -p 2 -timeout 30m -skip '^$(walks)$$' ./...
	$(title) 'go test, walks'
	GOGC=100 KEYTRAIL_TEST_DATABASE=$(TEST_DATABASE) go test -vet=off -p 2 -timeout 30m -run '^$(walks)$$' $(walked)

.PHONY: test-app
test-app: frontend/node_modules/.package-lock.json ## Check and test the app
	$(title) 'app: check'
	$(NPM) run --silent check
	$(title) 'app: test'
	$(NPM) run --silent test

.PHONY: test-interop
test-interop: ## Have an independent tlog-tiles client check what bin/keytrail publishes
	$(title) 'independent client'
	cd interop && go vet ./... && go test ./...

AUDIT_MODULES := audit audit/gormaudit audit/sqlaudit audit/sftpaudit audit/examples/shop integrations

.PHONY: test-audit
test-audit: ## Test the Go packages for other programs, and the example shop against bin/keytrail
	$(title) 'audit packages'
	@for module in $(AUDIT_MODULES); do (cd $$module && go vet ./... && go test -race -timeout 15m ./...) || exit 1; done

.PHONY: test-agent
test-agent: agent ## Build the agent for workstations, and test it with real idle time in an X server
	$(title) 'agent'
	@.ci/tools Xvfb dbus-daemon faketime mariadbd
	cd agent && go vet ./... && GOOS=windows go vet ./... && GOOS=darwin go vet ./... && go test ./...

.PHONY: test-clients
test-clients: ## Read the PowerShell scripts with a parser of that language
	$(title) 'PowerShell scripts'
	cd clients/powershell/check && go mod download && CGO_CFLAGS="-O1 -I$$(go list -m -f '{{.Dir}}' github.com/airbus-cert/tree-sitter-powershell)/src" go test ./...

.PHONY: test-e2e
test-e2e: build ## Run the browser tests against bin/keytrail
	$(title) 'end to end'
	$(NPM) run --silent e2e

.PHONY: test
test: tools-test lint check-generated test-app app test-go test-agent test-clients test-interop test-audit test-e2e ## Run every test
	$(title) 'all tests passed'

FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZ_SECONDS (60), one after the other
	@.ci/tools mariadbd
	@git grep --untracked -E '^func Fuzz[A-Za-z0-9_]+\(f \*testing\.F\)' -- '*_test.go' | \
	sed -E 's|^(.*)/[^/]+:func (Fuzz[A-Za-z0-9_]+).*|\1 \2|' | \
	while read -r folder name; do \
		printf '\n\033[1m== %s in %s\033[0m\n' "$$name" "$$folder"; \
		go -C "$$folder" test -run '^$$' -fuzz "^$$name\$$" -fuzztime "$(FUZZ_SECONDS)s" . </dev/null; \
	done

.PHONY: bench
bench: ## Measure the workloads against their floors
	@.ci/tools mariadbd
	go run ./bench

.PHONY: tools-run
tools-run:
	@.ci/tools mariadbd

.PHONY: tools-test
tools-test:
	@.ci/tools mariadbd chromium-headless-shell strace jq xxd openssl unzip
