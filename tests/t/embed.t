#!/bin/sh
# embed.t: the build's program embed writes the same array for the same files, byte for byte
# what the files hold, and leaves nothing behind when it fails. QUARRY names the program built.
embed=$(dirname "${QUARRY:-build/quarry}")/embed
[ -x "$embed" ] || { echo "1..0 # SKIP no $embed"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
root=$(cd "$(dirname "$0")/../.." && pwd)
count=0

check() { # check NAME COMMAND...
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$dir/log" 2>&1; then echo "ok $count - $name"; else
        echo "not ok $count - $name"
        sed 's/^/# /' "$dir/log"
    fi
}
fails() { # fails TEXT COMMAND...: status 2, TEXT among the messages
    text=$1
    shift
    "$@" 2>"$dir/err"
    [ $? -eq 2 ] && grep -q -e "$text" "$dir/err"
}
embedded() { # the array, compiled, gives back the files
    cat >"$dir/main.c" <<'C'
#include "embedded.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    const struct embedded *embedded = embedded_find(argv[argc - 1]);
    return embedded == NULL || embedded->text[embedded->length] != '\0' ||
           fwrite(embedded->text, 1, embedded->length, stdout) != embedded->length;
}
C
    ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror \
        -I"$root/generator/render" "$dir/main.c" "$dir/one.c" \
        "$root/generator/render/embedded.c" -o "$dir/main" || return 1
    for file in a a.h b-2 empty; do
        "$dir/main" $file | cmp - "$dir/in/$file.mustache" || return 1
    done
    ! "$dir/main" other
}

mkdir "$dir/in" "$dir/in2" "$dir/none" "$dir/bad"
printf 'a\0\377"\\\n{{x}}??/' >"$dir/in/a.mustache"
printf 'int x;\n' >"$dir/in/a.h.mustache"
printf 'no end' >"$dir/in/b-2.mustache"
: >"$dir/in/empty.mustache"
echo other >"$dir/in/README.md"
echo hidden >"$dir/in/.x.mustache"
for f in empty b-2 a.h a; do cp "$dir/in/$f.mustache" "$dir/in2"; done
: >"$dir/bad/a b.mustache"
mkdir "$dir/none/folder.mustache"

check 'an array is written' "$embed" "$dir/one.c" "$dir/in"
check 'from another folder too' "$embed" "$dir/two.c" "$dir/in2"
check 'the same bytes' cmp "$dir/one.c" "$dir/two.c"
check 'they compile and are the files' embedded
check 'no folder' fails 'No such file' "$embed" "$dir/x.c" "$dir/absent"
check 'a name with a blank' fails 'not a name' "$embed" "$dir/x.c" "$dir/bad"
check 'a template that cannot be read' fails 'folder.mustache' "$embed" "$dir/x.c" "$dir/none"
check 'nothing is left of it' test ! -e "$dir/x.c"
check 'a full disk' fails 'cannot be written' "$embed" /dev/full "$dir/in"
check 'usage' fails 'usage' "$embed"
echo "1..$count"
