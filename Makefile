# Quarry: everything is made from here. `make help` lists the targets.
#
# Variables that users set: CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR, and
# VARIANT=debug (default), release, san (AddressSanitizer and UBSan) or tsan.

VARIANT ?= debug
PREFIX  ?= /usr/local
PKG_CONFIG ?= pkg-config

B = build/$(VARIANT)

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Werror
CFLAGS_debug   = -O1 -g
CFLAGS_release = -O2 -g
CFLAGS_san     = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                 -fno-omit-frame-pointer
CFLAGS_tsan    = -O1 -g -fsanitize=thread
CFLAGS ?= $(CFLAGS_$(VARIANT))
ifeq ($(VARIANT),tsan)
LDFLAGS += -fsanitize=thread
endif
ifeq ($(VARIANT),san)
LDFLAGS += -fsanitize=address,undefined
endif
STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L -pthread
COMPILE  = $(CC) $(STANDARD) $(WARNINGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP

# Not everywhere do sqlite3 and libyaml have a .pc file; -l finds them just as well.
SQLITE_CFLAGS := $(shell $(PKG_CONFIG) --cflags sqlite3 2>/dev/null)
SQLITE_LIBS   := $(or $(shell $(PKG_CONFIG) --libs sqlite3 2>/dev/null),-lsqlite3)
YAML_CFLAGS   := $(shell $(PKG_CONFIG) --cflags yaml-0.1 2>/dev/null)
YAML_LIBS     := $(or $(shell $(PKG_CONFIG) --libs yaml-0.1 2>/dev/null),-lyaml)

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

# ---- what there is -------------------------------------------------------------------

SCHEMAS    := $(sort $(wildcard schema/*.yaml))
NAMES      := $(SCHEMAS:schema/%.yaml=%)
TEMPLATES  := $(sort $(wildcard templates/*.mustache))

GENERATOR_SOURCES := $(sort $(filter-out generator/render/embed.c,$(wildcard generator/*/*.c)))
GENERATOR_OBJECTS := $(GENERATOR_SOURCES:%.c=$(B)/%.o) $(B)/embedded_templates.o
GENERATOR_LIBRARY := $(filter-out $(B)/generator/cli/main.o,$(GENERATOR_OBJECTS))
RUNTIME_SOURCES   := $(sort $(wildcard runtime/*.c))
RUNTIME_OBJECTS   := $(RUNTIME_SOURCES:%.c=$(B)/%.o)
UNIT_SOURCES      := $(sort $(wildcard tests/unit/test_*.c))
UNIT_PROGRAMS     := $(UNIT_SOURCES:tests/unit/%.c=$(B)/unit/%)

QUARRY  = $(B)/quarry
LIBRARY = $(B)/libquarry.a

.PHONY: all
all: $(QUARRY) $(LIBRARY) build/quarry

# The program of the variant that was built last, for people.
build/quarry: $(QUARRY)
	$(Q)ln -sf $(VARIANT)/quarry $@

# ---- building ------------------------------------------------------------------------

$(B)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(SQLITE_CFLAGS) $(YAML_CFLAGS) -c $< -o $@

# The runtime is vendored: it must not need more than the C standard.
$(B)/runtime/%.o: runtime/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 $(WARNINGS) $(CPPFLAGS) $(CFLAGS) $(SQLITE_CFLAGS) -MMD -MP -c $< -o $@

# Templates become C arrays; the program that does it is built and run here.
$(B)/embed: generator/render/embed.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(LDFLAGS) $< -o $@

$(B)/embedded_templates.c: $(B)/embed $(TEMPLATES) templates
	$(call say,EMBED,templates)
	$(Q)$(B)/embed $@ templates

$(B)/embedded_templates.o: $(B)/embedded_templates.c
	$(Q)$(COMPILE) -Igenerator/render -c $< -o $@

$(QUARRY): $(GENERATOR_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) -pthread $(LDFLAGS) $^ $(SQLITE_LIBS) $(YAML_LIBS) -lm $(LDLIBS) -o $@

$(LIBRARY): $(RUNTIME_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

-include $(GENERATOR_OBJECTS:.o=.d) $(RUNTIME_OBJECTS:.o=.d)
.PHONY: FORCE
FORCE:

# ---- generated code ------------------------------------------------------------------

.PHONY: generate
generate: $(QUARRY) ## write generated/ from schema/
	$(Q)$(QUARRY) generate --verbose $(SCHEMAS) -o generated
	$(Q)$(QUARRY) json-schema > schema/quarry.schema.json

# The demo generates anew, into build/, and runs against a real database file.
DEMO = build/demo
.PHONY: demo
demo: $(QUARRY) $(LIBRARY) ## generate from schema/dockstat.yaml, compile, run on a database file
	$(Q)$(QUARRY) generate schema/dockstat.yaml -o $(DEMO)
	$(Q)$(COMPILE) -Iruntime -I$(DEMO)/dockstat $(LDFLAGS) docs/demo.c \
	    $(DEMO)/dockstat/dockstat.c $(DEMO)/dockstat/dockstat_migrations.c $(LIBRARY) $(SQLITE_LIBS) -o $(DEMO)/demo
	$(Q)rm -f $(DEMO)/dockstat.db*
	$(Q)$(DEMO)/demo $(DEMO)/dockstat.db

# ---- tests ---------------------------------------------------------------------------

# Generated code has to compile without a warning under these, with gcc and with clang.
STRICT = -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror

$(B)/generated/%.o: generated/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(STRICT) $(CPPFLAGS) $(CFLAGS) -Iruntime -MMD -MP -c $< -o $@

$(B)/unit/%: tests/unit/%.c $(GENERATOR_LIBRARY) $(RUNTIME_OBJECTS)
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) -Igenerator -Iruntime $(SQLITE_CFLAGS) $(YAML_CFLAGS) $(LDFLAGS) $^ \
	    -lcmocka $(SQLITE_LIBS) $(YAML_LIBS) -lm -o $@

-include $(UNIT_PROGRAMS:=.d)

EMITTED_TESTS := $(foreach n,$(NAMES),$(B)/emitted/$(n)_test)
define emitted_test
$(B)/emitted/$(1)_test: $(B)/generated/$(1)/$(1)_test.o $(B)/generated/$(1)/$(1).o \
    $(patsubst %.c,$(B)/%.o,$(wildcard generated/$(1)/$(1)_migrations.c)) $(LIBRARY)
	$$(call say,LINK,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $$(LDFLAGS) $$^ $$(SQLITE_LIBS) -o $$@
-include $(B)/generated/$(1)/$(1)_test.d $(B)/generated/$(1)/$(1).d $(B)/generated/$(1)/$(1)_migrations.d
endef
$(foreach n,$(NAMES),$(eval $(call emitted_test,$(n))))

.PHONY: test-programs emitted-tests
emitted-tests: $(EMITTED_TESTS)
test-programs: $(QUARRY) $(UNIT_PROGRAMS) $(EMITTED_TESTS)

# The test build has the sanitizers; what is emitted is built and run with clang as well.
.PHONY: test
test: ## build and run all tests: unit, whole-program, emitted (gcc and clang, ASan and UBSan)
	$(Q)$(MAKE) --no-print-directory VARIANT=san test-programs
	$(Q)$(MAKE) --no-print-directory VARIANT=san CC=clang B=build/clang-san emitted-tests
	$(Q)QUARRY=build/san/quarry perl tests/run.pl build/san/unit build/san/emitted \
	    build/clang-san/emitted tests/t

# What runs on several threads, under ThreadSanitizer.
THREADED = workers value template files referee
.PHONY: test-threads
test-threads: ## run the generator and the tests of what it does in threads, looking for races
	$(Q)$(MAKE) --no-print-directory VARIANT=tsan all $(THREADED:%=build/tsan/unit/test_%)
	$(Q)for t in $(THREADED); do build/tsan/unit/test_$$t || exit 1; done
	$(Q)perl bench/schema.pl 100 > build/tsan/many.yaml
	$(Q)build/tsan/quarry generate -j 4 build/tsan/many.yaml $(SCHEMAS) -o build/tsan/out
	$(Q)build/tsan/quarry check -j 1 build/tsan/many.yaml $(SCHEMAS) -o build/tsan/out

# Every point of the kill tests, every allocation, 200 rounds of eight processes.
STRESS = migrate_kill migrate_memory migrate_together
.PHONY: stress-migrations
stress-migrations: $(STRESS:%=$(B)/unit/test_%) ## all of what `make test` does a part of: some minutes
	$(Q)for t in $(STRESS); do \
	    QUARRY_EVERY=1 QUARRY_ROUNDS=200 $(B)/unit/test_$$t || exit 1; done

# ---- checks --------------------------------------------------------------------------

OWN_C  = $(sort $(wildcard generator/*/*.[ch] runtime/*.[ch] tests/unit/*.[ch] \
         tests/fuzz/*.[ch] bench/*.[ch] docs/*.c))
HEADERS = $(sort $(wildcard generator/*/*.h runtime/*.h generated/*/*.h))
GENERATED_C = $(sort $(wildcard generated/*/*.c))

.PHONY: check check-generated check-format check-headers check-strict check-analyze
check: check-generated check-format check-headers check-strict check-analyze ## what CI checks besides tests
	@echo 'check: good'

check-generated: $(QUARRY) # what is committed is what would be generated
	$(Q)$(QUARRY) check $(SCHEMAS) -o generated
	$(Q)$(QUARRY) json-schema | diff -u schema/quarry.schema.json -

check-format:
	$(Q)clang-format --dry-run -Werror $(OWN_C)

# Every header compiles alone; those of users and generated ones as C++ too.
check-headers:
	$(Q)for h in $(HEADERS); do \
	    printf '#include "%s"\n' "$$h" | \
	    $(CC) $(STANDARD) $(WARNINGS) -I. -Igenerator -Iruntime -x c -fsyntax-only - || exit 1; \
	done
	$(Q)for h in runtime/quarry.h runtime/quarry_emit.h $(wildcard generated/*/*.h); do \
	    printf '#include "%s"\n' "$$h" | \
	    $(CXX) -std=c++11 -Wall -Wextra -Wpedantic -Werror -I. -Iruntime -x c++ -fsyntax-only - \
	    || exit 1; \
	done

# Generated code and the runtime under both compilers, without the Makefile's own flags.
# Both this and check-analyze use every processor and name all that they find.
EACH = xargs -P $$(getconf _NPROCESSORS_ONLN) -I FILE
check-strict:
	$(Q)for c in gcc clang; do printf '%s\n' $(GENERATED_C) $(RUNTIME_SOURCES) | \
	    $(EACH) $$c $(STRICT) -O2 -Iruntime -c FILE -o /dev/null || exit 1; done

check-analyze:
	$(Q)printf '%s\n' $(RUNTIME_SOURCES) $(GENERATOR_SOURCES) \
	    $(filter-out %_test.c,$(GENERATED_C)) | \
	    $(EACH) clang $(STANDARD) --analyze --analyzer-output text -Xclang -analyzer-werror \
	        -Igenerator -Iruntime -o /dev/null FILE

# ---- fuzzing, with clang's libFuzzer: make fuzz FUZZ=yaml SECONDS=600 -----------------

FUZZ    ?= yaml
SECONDS ?= 60
FUZZ_SOURCES = $(filter-out generator/cli/%,$(GENERATOR_SOURCES)) $(RUNTIME_SOURCES)

.PHONY: fuzz
fuzz: $(B)/embedded_templates.c ## fuzz one target of tests/fuzz: FUZZ=yaml|template|json|sql SECONDS=60
	$(Q)mkdir -p build/fuzz/$(FUZZ)
	$(Q)clang $(STANDARD) -O1 -g -fsanitize=fuzzer,address,undefined -Igenerator -Iruntime \
	    -Igenerator/render tests/fuzz/fuzz_$(FUZZ).c $(FUZZ_SOURCES) $(B)/embedded_templates.c \
	    $(SQLITE_LIBS) $(YAML_LIBS) -lm -o build/fuzz/fuzz_$(FUZZ)
	$(Q)build/fuzz/fuzz_$(FUZZ) -max_total_time=$(SECONDS) -max_len=65536 build/fuzz/$(FUZZ) \
	    $(wildcard tests/fuzz/corpus/$(FUZZ))

# ---- installing ------------------------------------------------------------------------

# What building and testing need, as Debian names it. Only missing packages are installed.
PACKAGES = build-essential pkg-config libsqlite3-dev libyaml-dev clang clang-format \
           libclang-rt-14-dev libcmocka-dev perl sqlite3 python3 python3-yaml python3-jsonschema

.PHONY: deps
deps: ## install the Debian packages that are missing
	$(Q)missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	    $$sudo apt-get update -q && \
	    DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q -y --no-install-recommends $$missing; \
	fi

# ---- benchmarks ----------------------------------------------------------------------

# docs/benchmarks.md says what is measured. A missed target is printed and is no failure.
# bench-instructions needs valgrind (Debian: valgrind), whose header bench.c includes.
BENCH = build/bench
BENCH_QUARRY = build/release/quarry
BENCH_SOURCES = bench/bench.c bench/data.c bench/hand.c bench/ours.c bench/report.c
BENCH_FLAGS   = $(STANDARD) $(WARNINGS) $(CPPFLAGS) -O2 -g -Iruntime -I$(BENCH)/dockstat

.PHONY: bench bench-instructions bench-programs
bench-programs:
	$(Q)$(MAKE) --no-print-directory VARIANT=release all
	$(Q)mkdir -p $(BENCH)
	$(Q)$(BENCH_QUARRY) generate schema/dockstat.yaml -o $(BENCH)
	$(Q)$(CC) $(BENCH_FLAGS) $(SQLITE_CFLAGS) $(LDFLAGS) $(BENCH_SOURCES) \
	    $(BENCH)/dockstat/dockstat.c $(BENCH)/dockstat/dockstat_migrations.c build/release/libquarry.a $(SQLITE_LIBS) -lm -o $(BENCH)/bench
	$(Q)$(CC) $(STANDARD) $(WARNINGS) -O2 bench/generator.c -o $(BENCH)/generator
	$(Q)for n in 1000 4000; do perl bench/schema.pl $$n > $(BENCH)/tables_$$n.yaml; done

bench: bench-programs ## measure against hand-written SQLite, and the generator on 4,000 tables
	$(Q)$(BENCH)/bench $(BENCH)
	$(Q)echo
	$(Q)$(BENCH)/generator $(BENCH_QUARRY) 5 $(BENCH) $(BENCH)/tables_1000.yaml $(BENCH)/tables_4000.yaml
	$(Q)perl bench/merge.pl $(BENCH)/workloads.json $(BENCH)/generator.json > $(BENCH)/results.json

bench-instructions: bench-programs ## the same in instructions, which no other load disturbs
	$(Q)rm -f $(BENCH)/callgrind.out*
	$(Q)valgrind -q --tool=callgrind --collect-atstart=no \
	    --callgrind-out-file=$(BENCH)/callgrind.out $(BENCH)/bench --instructions --rows 10000 $(BENCH)
	$(Q)perl bench/instructions.pl $(BENCH)/callgrind.out

.PHONY: bench-migrations
bench-migrations: ## a rebuild of 1,000,000 rows against the sqlite3 shell
	$(Q)$(MAKE) --no-print-directory VARIANT=release build/release/libquarry.a
	$(Q)mkdir -p $(BENCH)
	$(Q)$(CC) $(BENCH_FLAGS) $(SQLITE_CFLAGS) $(LDFLAGS) bench/migrate.c \
	    build/release/libquarry.a $(SQLITE_LIBS) -o $(BENCH)/migrate
	$(Q)$(BENCH)/migrate $(BENCH) $(or $(ROUNDS),5)

.PHONY: install
install: ## install the program, the runtime and the man pages below PREFIX
	$(Q)$(MAKE) --no-print-directory VARIANT=release all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/quarry
	install build/release/quarry $(DESTDIR)$(PREFIX)/bin/quarry
	install -m 644 build/release/libquarry.a $(DESTDIR)$(PREFIX)/lib/libquarry.a
	install -m 644 runtime/quarry.h runtime/quarry_emit.h $(DESTDIR)$(PREFIX)/include
	install -m 644 docs/quarry.1 $(DESTDIR)$(PREFIX)/share/man/man1/quarry.1
	install -m 644 schema/quarry.schema.json $(DESTDIR)$(PREFIX)/share/quarry

.PHONY: clean
clean: ## remove build/
	rm -rf build

.PHONY: help
help: ## print this
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 22
# ---- scores -------------------------------------------------------------------------

# How `quarry diff` does on the corpus of migration cases; and on random schemas.
CORPORA ?= ../shared/corpora
INFER_SOURCES = tests/fuzz/fuzz_infer.c $(wildcard tests/fuzz/infer_*.c) \
                $(wildcard $(foreach d,base read model sql,generator/$(d)/*.c))

.PHONY: fuzz-infer
fuzz-infer: ## random queries against their inferred types: SECONDS=60
	$(Q)mkdir -p build/fuzz
	$(Q)$(CC) $(STANDARD) $(WARNINGS) -O2 -g -Igenerator $(INFER_SOURCES) $(SQLITE_LIBS) \
	    $(YAML_LIBS) -lm -lpthread -o build/fuzz/fuzz_infer
	$(Q)build/fuzz/fuzz_infer --seconds $(SECONDS)

.PHONY: fuzz-advise
fuzz-advise: ## random queries: the tables they use, and what is advised: SECONDS=60
	$(Q)mkdir -p build/fuzz
	$(Q)$(CC) $(STANDARD) $(WARNINGS) -O1 -g -fsanitize=address,undefined -Igenerator \
	    $(subst fuzz_infer.c,fuzz_advise.c,$(INFER_SOURCES)) $(SQLITE_LIBS) $(YAML_LIBS) -lm \
	    -o build/fuzz/fuzz_advise
	$(Q)build/fuzz/fuzz_advise --seconds $(SECONDS)

.PHONY: score-types
score-types: $(QUARRY) ## judge the typing of queries by the corpus, and by our own cases
	$(Q)python3 tests/score/types.py $(QUARRY) $(CORPORA)/sqlx_describe_cases.json
	$(Q)for cases in tests/score/cases/*.sql; do \
	    python3 tests/score/types.py $(QUARRY) $$cases || exit 1; done

.PHONY: score-accept
score-accept: $(QUARRY) ## what SQLite prepares of the SQL in the corpora and documents, explain must take
	$(Q)python3 tests/score/accept.py $(QUARRY) $(wildcard $(CORPORA)/*.json $(CORPORA)/../systems/*.md)

.PHONY: score-migrations fuzz-migrations
score-migrations: $(QUARRY) ## judge plans by the corpus of migration cases
	$(Q)python3 tests/score/migrations.py $(QUARRY) $(CORPORA)/migration_diff_cases.json
.PHONY: score-changes
score-changes: $(QUARRY) ## judge plans by our own pairs of schemas, with hostile rows
	$(Q)python3 tests/score/changes.py $(QUARRY) $(wildcard tests/score/changes/*.sql)
.PHONY: score-imports
score-imports: $(QUARRY) $(LIBRARY) ## judge imports by databases like those of known programs
	$(Q)python3 tests/score/imports.py $(QUARRY) $(LIBRARY) --cc "$(CC) -O0" \
	    $(wildcard tests/score/imports/*.sql)
fuzz-migrations: $(QUARRY) ## random pairs of schemas with rows: COUNT=300 SEED=1
	$(Q)python3 tests/score/migrate_fuzz.py $(QUARRY) $(or $(COUNT),300) $(or $(SEED),1)
.PHONY: score-migrate-new fuzz-migrate-new
score-migrate-new: $(QUARRY) # judge `quarry migrate new` by the corpus of migration cases
	$(Q)python3 tests/score/migrate_new.py $(QUARRY) $(CORPORA)/migration_diff_cases.json
fuzz-migrate-new: $(QUARRY) # random schemas as two versions of one: COUNT=100 SEED=1
	$(Q)python3 tests/score/migrate_schemas.py $(QUARRY) $(or $(COUNT),100) $(or $(SEED),1)

.PHONY: fuzz-schemas
fuzz-schemas: $(QUARRY) $(LIBRARY) ## random schemas must generate, compile and pass: N=100 SEED=1
	$(Q)python3 tests/score/schema_fuzz.py $(QUARRY) $(LIBRARY) $(or $(N),100) $(or $(SEED),1) \
	    --cc "$(CC) -O0 $(LDFLAGS)"
