#!/bin/bash
# Type-checks Rust kernel driver sources against the real kernel crate that setup.sh prepared.
#
#   check.sh [-k TREE] [--rust newest|oldest] [-j N] [--json] [--codegen] [--clippy] [--werror] FILE.rs...
#
#   -k TREE     which prepared kernel (default: 7.3)
#   --rust R    with which of the prepared compilers (default: newest)
#   -j N        files at the same time (default: number of cores)
#   --json      rustc's diagnostics as JSON lines on stderr (--error-format=json)
#   --codegen   make an object file instead of metadata only: also finds errors that come after type
#               checking (const asserts in generic code, build_assert!/build_error! left over)
#   --clippy    clippy with the kernel's lints instead of rustc (needs setup.sh --clippy)
#   --werror    a warning is an error, as in a CONFIG_WERROR=y build
#
# Exit code: 0 every file passes, 1 a file failed, 2 wrong use.
set -u
self=$0 RUST=newest K=7.3 J=$(nproc) opts=() files=() flags=() mode=metadata tool=rustc json=
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$self" >&2; exit 2; }
while [ $# -gt 0 ]; do
	case $1 in
	-k) K=${2:?}; shift ;;
	--rust) RUST=${2:?}; opts+=("$1" "$2"); shift ;;
	-j) J=${2:?}; shift ;;
	--json) json=1 flags+=(--error-format=json); opts+=("$1") ;;
	--codegen) mode=obj; opts+=("$1") ;;
	--clippy) tool=clippy-driver; opts+=("$1") ;;
	--werror) flags+=(-Dwarnings); opts+=("$1") ;;
	-?*) echo "check.sh: no such option: $1" >&2; usage ;;
	*) files+=("$1") ;;
	esac
	shift
done
[ ${#files[@]} -gt 0 ] || usage
KB=${KERNEL_CHECK:-${XDG_CACHE_HOME:-$HOME/.cache}/r4l-kernel-check}/$RUST
O=$KB/$K
[ -s "$O/check.args" ] || { echo "check.sh: $O is not prepared: run setup.sh $K" >&2; exit 2; }
[ -x "$KB/tc/bin/$tool" ] || { echo "check.sh: no $tool: run setup.sh --clippy" >&2; exit 2; }
D=$(mktemp -d) || exit 2
trap 'rm -rf "$D"' EXIT

if [ ${#files[@]} -gt 1 ]; then		# one process for each, its output kept together
	i=0
	for f in "${files[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$J" ]; do wait -n; done
		{ "$self" -k "$K" "${opts[@]}" "$f" >"$D/$i.out" 2>&1; echo $? >"$D/$i.rc"; } &
		i=$((i + 1))
	done
	wait
	i=0 bad=0
	for f in "${files[@]}"; do
		if [ "$(cat "$D/$i.rc")" = 0 ]; then r=ok; else r=FAIL bad=$((bad + 1)); fi
		if [ -n "$json" ]; then cat "$D/$i.out" >&2; else echo "$r $f"; cat "$D/$i.out"; fi
		i=$((i + 1))
	done
	[ -n "$json" ] || echo "$((i - bad)) passed, $bad failed"
	[ "$bad" = 0 ]; exit
fi

f=${files[0]}
[ -r "$f" ] || { echo "check.sh: cannot read $f" >&2; exit 2; }
# The crate's name is the file's, as in kbuild, unless the source sets it. A name that one of the kernel's
# own crates has, or that is no identifier, gets a prefix.
name=$(basename "$f" .rs | tr -c 'A-Za-z0-9_\n' _)
case $name in
[0-9]*|core|ffi|kernel|macros|bindings|uapi|pin_init|pin_init_internal|build_error|compiler_builtins|zerocopy|zerocopy_derive|alloc|std|test|self|crate|super) name=drv_$name ;;
esac
grep -q '^ *#!\[crate_name' "$f" || flags+=(--crate-name "$name")
RUSTC_BOOTSTRAP=1 CLIPPY_CONF_DIR=$O OBJTREE=$O RUST_MODFILE=drivers/$name "$KB/tc/bin/$tool" "@$O/check.args" \
	"@$O/include/generated/rustc_cfg" "${flags[@]}" --out-dir "$D" --emit=$mode="$D/out" "$f"
rc=$?
if [ $rc = 0 ] && [ $mode = obj ] && nm "$D/out" | grep -q ' U rust_build_error$'; then
	msg="build_assert!/build_error! was not optimised away: the object refers to rust_build_error"
	if [ -n "$json" ]; then
		printf '{"$message_type":"diagnostic","message":"%s","code":null,"level":"error","spans":[],"children":[],"rendered":"error: %s\\n"}\n' "$msg" "$msg" >&2
	else
		echo "error: $msg ($f)" >&2
	fi
	rc=1
fi
[ $rc = 0 ] || exit 1
