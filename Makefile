# What the project needs beyond Go, gcc, make, Node.js and npm is fetched by the targets that need it.
.DEFAULT_GOAL := help
DEMO ?= build/demo
BENCH_ROWS ?= 10000000
ASSETS := reports/html/node_modules/.package-lock.json
CODE := cmd ingest transform reports sql testdata

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

$(ASSETS): reports/html/package.json reports/html/package-lock.json
	cd reports/html && npm ci --no-fund --no-audit --loglevel=error && npm run --silent assets

build: $(ASSETS) ## build build/tavolo
	go build -o build/tavolo ./cmd/tavolo

demo: build ## a synthetic country, from nothing to its report, in build/demo
	@rm -rf $(DEMO)
	@build/tavolo demo $(DEMO)

browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium; } \
	|| { echo "the browser tests need Chromium: apt-get install chromium" >&2; exit 1; }

# The tests start a server of their own: the one that the package starts is not touched.
postgres:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null \
	|| { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq postgresql; } \
	|| { echo "the tests of PostgreSQL need its server: apt-get install postgresql" >&2; exit 1; }

test: build browser postgres ## run every test; pictures of the pages are left in build/screenshots
	go test -timeout 30m ./...

update: build ## write the golden files anew from what the program gives
	go test ./cmd/tavolo ./ingest/reference ./transform/duckdb -update

bench: build ## run the benchmarks, and ingest BENCH_ROWS contacts against DuckDB doing the same
	go test -run '^$$' -bench . -benchmem ./...
	go run ./testdata/bench -rows $(BENCH_ROWS)

lint: $(ASSETS) ## check form: gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l $(CODE))" || { gofmt -d $(CODE); exit 1; }
	go vet ./... ./testdata/bench
	go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./... ./testdata/bench

.PHONY: help build demo browser postgres test update bench lint
