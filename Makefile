# Quarry: everything is made from here. `make help` lists the targets.
#
# Variables that users set: CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR, and
# VARIANT=debug (default), release or san (AddressSanitizer and UBSan).

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
CFLAGS ?= $(CFLAGS_$(VARIANT))
ifeq ($(VARIANT),san)
LDFLAGS += -fsanitize=address,undefined
endif
STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L
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
	$(Q)$(CC) $(LDFLAGS) $^ $(SQLITE_LIBS) $(YAML_LIBS) -lm $(LDLIBS) -o $@

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
	    $(DEMO)/dockstat/dockstat.c $(LIBRARY) $(SQLITE_LIBS) -o $(DEMO)/demo
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
$(B)/emitted/$(1)_test: $(B)/generated/$(1)/$(1)_test.o $(B)/generated/$(1)/$(1).o $(LIBRARY)
	$$(call say,LINK,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $$(LDFLAGS) $$^ $$(SQLITE_LIBS) -o $$@
-include $(B)/generated/$(1)/$(1)_test.d $(B)/generated/$(1)/$(1).d
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

# ---- scores -------------------------------------------------------------------------

# How `quarry diff` does on the corpus of migration cases; and on random schemas.
CORPORA ?= ../shared/corpora
.PHONY: score-migrations fuzz-migrations
score-migrations: $(QUARRY) ## judge plans by the corpus of migration cases
	$(Q)python3 tests/score/migrations.py $(QUARRY) $(CORPORA)/migration_diff_cases.json
fuzz-migrations: $(QUARRY) ## random pairs of schemas with rows: COUNT=300 SEED=1
	$(Q)python3 tests/score/migrate_fuzz.py $(QUARRY) $(or $(COUNT),300) $(or $(SEED),1)
